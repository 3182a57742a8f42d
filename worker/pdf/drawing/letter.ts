/** What stands around a document's table: the supplier, the title, the parties, the facts, the sums. */
import { GREY, type Ink, letteringOn } from './inks.ts';
import type { Flow, Style } from './page-flow.ts';

export type Title = {
  title: string;
  number: string;
  /** The mark of a copy, and the line that explains it. */
  copy: { mark: string; line: string } | null;
};
export type Party = { label: string; name: string | null; lines: readonly string[] };
/** A label and its value. One that is null or blank leaves no trace. */
export type Fact = readonly [label: string, value: string | null];

const LABEL: Style & { size: number } = { size: 7.2, ink: GREY };
const SMALL: Style & { size: number } = { size: 7.8, ink: GREY };
const BODY = { size: 8.8 };
const COLUMN_GAP = 16;

/** Lines below each other from the baseline `y` on; gives the baseline after the last. */
function drawLines(
  flow: Flow,
  lines: readonly string[],
  x: number,
  y: number,
  leading: number,
  style: Style,
): number {
  lines.forEach((line, place) => {
    flow.text(line, x, y + place * leading, style);
  });
  return y + lines.length * leading;
}

/** No more lines than that, the last with an ellipsis: one text cannot push all others away. */
function atMost(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1] ?? ''}…`];
}
const NAME_LINES = 4;
const PARTY_LINES = 12;

/** The left edge of the page's right half, which most blocks keep to. */
function middle(flow: Flow): number {
  return flow.left + (flow.width + COLUMN_GAP) / 2;
}
const half = (flow: Flow) => (flow.width - COLUMN_GAP) / 2;

/**
 * The supplier at the head of the first page: name and address at the right, the logo at the left,
 * or the name in its place.
 *
 * @param logoHeight what is already drawn there, in points; 0 when nothing is
 */
export function drawMasthead(
  flow: Flow,
  supplier: { name: string; lines: readonly string[] },
  logoHeight: number,
  accent: Ink,
): void {
  const top = flow.y;
  const x = middle(flow);
  const name = (style: Style) => atMost(flow.wrap(supplier.name, half(flow), style), NAME_LINES);
  let leftEnd = top + logoHeight;
  let baseline = top + 8;
  if (logoHeight === 0) {
    const style: Style = { size: 15, bold: true };
    leftEnd = drawLines(flow, name(style), flow.left, top + 13, 18, style) - 12;
  } else {
    const style: Style = { size: 8.4, bold: true };
    baseline = drawLines(flow, name(style), x, baseline, 11, style);
  }
  const lines = atMost(
    supplier.lines.flatMap((line) => flow.wrap(line, half(flow), SMALL)),
    PARTY_LINES,
  );
  const rightEnd = drawLines(flow, lines, x, baseline, 10.4, SMALL) - 8;
  flow.y = Math.max(leftEnd, rightEnd) + 15;
  flow.fill(flow.left, flow.y, flow.width, 1.8, accent);
  flow.y += 36;
}

/** The head of the pages that follow, within `headPoints` of their top. */
export function drawRunningHead(flow: Flow, supplier: string, title: string, accent: Ink): void {
  const style = { size: 8.2 };
  const y = 42;
  const right = flow.shorten(title, half(flow), style);
  flow.text(flow.shorten(supplier, half(flow), { ...style, bold: true }), flow.left, y, {
    ...style,
    bold: true,
  });
  flow.text(right, flow.right, y, { ...style, ink: GREY, align: 'right' });
  flow.fill(flow.left, y + 8, flow.width, 1, accent);
}

/** Kept free at the top of a page for {@link drawRunningHead}. */
export const HEAD_POINTS = 66;

/** What the document is, and its number; a copy has its mark beside. */
export function drawTitle(flow: Flow, { title, number, copy }: Title, accent: Ink): void {
  const style = { size: 20, bold: true };
  const light: Style = { size: 20 };
  const mark = { size: 8.4, bold: true };
  const markWidth = copy ? flow.measure(copy.mark, mark) + 16 : 0;
  const room = flow.width - (copy ? markWidth + COLUMN_GAP : 0);
  if (copy) {
    flow.fill(flow.right - markWidth, flow.y - 14, markWidth, 17, accent);
    flow.text(copy.mark, flow.right - markWidth + 8, flow.y - 2.6, {
      ...mark,
      ink: letteringOn(accent),
    });
  }
  const besides = flow.measure(title, style) + 8;
  flow.text(title, flow.left, flow.y, style);
  if (besides + flow.measure(number, light) <= room) {
    flow.text(number, flow.left + besides, flow.y, light);
  } else {
    const below: Style = { size: 13 };
    flow.y =
      drawLines(flow, flow.wrap(number, flow.width, below), flow.left, flow.y + 20, 16, below) - 16;
  }
  if (copy) {
    const lines = flow.wrap(copy.line, flow.width, SMALL);
    flow.y = drawLines(flow, lines, flow.left, flow.y + 15, 10.4, SMALL) - 10.4;
  }
  flow.y += 28;
}

/** Up to two parties beside each other. */
export function drawParties(flow: Flow, parties: readonly Party[]): void {
  const top = flow.y;
  const ends = parties.map(({ label, name, lines }, place) => {
    const x = place === 0 ? flow.left : middle(flow);
    const bold = { size: 9.6, bold: true };
    flow.text(label, x, top, LABEL);
    const named = name === null ? [] : atMost(flow.wrap(name, half(flow), bold), NAME_LINES);
    const y = drawLines(flow, named, x, top + 14, 12.4, bold);
    const wrapped = atMost(
      lines.flatMap((line) => flow.wrap(line, half(flow), BODY)),
      PARTY_LINES,
    );
    return drawLines(flow, wrapped, x, y, 12, BODY);
  });
  flow.y = Math.max(top, ...ends) + 8;
}

const FACT_COLUMNS = 4;

/** Labels over values, four beside each other, between two lines. */
export function drawFacts(flow: Flow, facts: readonly Fact[]): void {
  const shown = facts.flatMap(([label, value]) => (value?.trim() ? [{ label, value }] : []));
  if (shown.length === 0) return;
  const step = (flow.width + COLUMN_GAP) / FACT_COLUMNS;
  const width = step - COLUMN_GAP;
  flow.rule(flow.y);
  for (let from = 0; from < shown.length; from += FACT_COLUMNS) {
    const row = shown.slice(from, from + FACT_COLUMNS).map(({ label, value }) => ({
      labels: flow.wrap(label, width, LABEL),
      values: flow.wrap(value, width, BODY),
    }));
    const labelled = Math.max(...row.map(({ labels }) => labels.length));
    const first = flow.y + (from === 0 ? 15 : 19);
    const under = first + (labelled - 1) * 9 + 12;
    row.forEach(({ labels, values }, place) => {
      const x = flow.left + place * step;
      drawLines(flow, labels, x, first + (labelled - labels.length) * 9, 9, LABEL);
      drawLines(flow, values, x, under, 11.4, BODY);
    });
    flow.y = under + (Math.max(...row.map(({ values }) => values.length)) - 1) * 11.4;
  }
  flow.y += 10;
  flow.rule(flow.y);
  flow.y += 20;
}

/** A sum. The one that counts stands out. */
export type Sum = { label: string; amount: string; total?: boolean };

const SUM_POINTS = 15;
const TOTAL_POINTS = 30;
const NOTE_POINTS = 10.4;

/** How many points {@link drawSums} takes. */
export function sumsHeight(flow: Flow, sums: readonly Sum[], note: string): number {
  const lines = flow.wrap(note, half(flow), SMALL).length;
  const sumsPoints = sums.reduce(
    (points, { total }) => points + (total ? TOTAL_POINTS : SUM_POINTS),
    12,
  );
  return Math.max(sumsPoints, 12 + lines * NOTE_POINTS);
}

/** The sums at the right, and a note at their left, kept together on one page. */
export function drawSums(flow: Flow, sums: readonly Sum[], note: string, accent: Ink): void {
  const height = sumsHeight(flow, sums, note);
  flow.need(height);
  const top = flow.y + 12;
  drawLines(flow, flow.wrap(note, half(flow), SMALL), flow.left, top + 6, NOTE_POINTS, SMALL);
  const from = middle(flow);
  let y = top;
  for (const { label, amount, total } of sums) {
    const size = total ? 11 : BODY.size;
    const style = fitting(flow, `${label}    ${amount}`, half(flow), {
      size,
      bold: total === true,
    });
    if (total) {
      flow.fill(from, y + 1, flow.right - from, 1.4, accent);
      flow.text(label, from, y + 17, style);
      flow.text(amount, flow.right, y + 17, { ...style, align: 'right' });
      y += TOTAL_POINTS;
    } else {
      flow.text(label, from, y + 6, { ...style, ink: GREY });
      flow.text(amount, flow.right, y + 6, { ...style, align: 'right' });
      y += SUM_POINTS;
    }
  }
  flow.y += height;
}

/** The style, smaller where the text would not fit: figures are never broken. */
function fitting(flow: Flow, text: string, width: number, style: Style & { size: number }): Style {
  const wide = flow.measure(text, style);
  return wide <= width ? style : { ...style, size: (style.size * width) / wide };
}

/** The foot of a page: what it belongs to, which page it is, and, at the very edge, the stamp. */
export function drawFoot(
  flow: Flow,
  foot: { title: string; page: string; stamp: { customerName: string; text: string } },
): void {
  const y = flow.height - 46;
  const style: Style = { size: 7.2, ink: GREY };
  flow.rule(y - 12);
  const room = flow.width - flow.measure(foot.page, style) - COLUMN_GAP;
  flow.text(flow.shorten(foot.title, room, style), flow.left, y, style);
  flow.text(foot.page, flow.right, y, { ...style, align: 'right' });

  // In the middle of the page's last half inch, as a rendition's: only the name may be cut.
  const small: Style = { size: 6, ink: GREY };
  const text = foot.stamp.text.trim();
  const left = flow.width - flow.measure(text, small) - COLUMN_GAP;
  const stamp = `${flow.shorten(foot.stamp.customerName, left, small)}  ${text}`;
  const x = flow.left + (flow.width - flow.measure(stamp, small)) / 2;
  flow.text(stamp, x, flow.height - 14.5, small);
}
