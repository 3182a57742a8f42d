import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { type Flow, openFlow } from './page-flow.ts';
import { type Column, drawTable, type TableOptions } from './table.ts';

type Movement = { label: string; balance: string };
const COLUMNS: Column<Movement>[] = [
  { heading: 'Movement', flexible: true, cell: ({ label }) => label },
  { heading: 'Remark', cell: () => null },
  { heading: 'Balance', figures: true, cell: ({ balance }) => balance },
];
const movements = (count: number): Movement[] =>
  Array.from({ length: count }, (_, at) => ({ label: `Row<${at + 1}>`, balance: `${at + 1}.00` }));

/** The text of each page. */
async function draw(
  rows: readonly Movement[],
  options?: TableOptions<Movement>,
  below?: (flow: Flow) => void,
): Promise<string[]> {
  const flow = await openFlow({
    tag: 'TABLES',
    headPoints: 60,
    turn: (turned) => turned.text('Head', turned.left, 40),
  });
  drawTable(flow, COLUMNS, rows, options);
  below?.(flow);
  flow.onEachPage((number, count) => {
    flow.text(`${number}/${count}`, flow.left, flow.height - 40);
  });
  const { text } = await extractText(await getDocumentProxy(await flow.doc.save()));
  return text;
}

describe('a table', () => {
  it('goes on over pages, each with its headings, its head and its number', async () => {
    const pages = await draw(movements(100));
    expect(pages.length).toBeGreaterThan(2);
    pages.forEach((page, at) => {
      expect(page).toContain('Movement');
      expect(page).toContain('Balance');
      expect(page).toContain(`${at + 1}/${pages.length}`);
      expect(page.includes('Head')).toBe(at > 0);
    });
    const rows = pages.join('\n').match(/Row<\d+>/g);
    expect(rows).toEqual(movements(100).map(({ label }) => label));
  });

  it('has no column without a value, and is nothing without any', async () => {
    expect((await draw(movements(3))).join()).not.toContain('Remark');
    expect((await draw([])).join().trim()).toBe('1/1');
  });

  it('says at each turn how far it has come, and where it goes on from', async () => {
    const carried = {
      forward: 'Carried forward',
      brought: 'Brought forward',
      amount: ({ balance }: Movement) => `sum ${balance}`,
    };
    const pages = await draw(movements(100), { carried });
    pages.forEach((page, at) => {
      const last = page
        .match(/Row<(\d+)>/g)
        ?.at(-1)
        ?.slice(4, -1);
      expect(page.includes('Brought forward')).toBe(at > 0);
      expect(page.includes('Carried forward')).toBe(at < pages.length - 1);
      if (at < pages.length - 1) {
        expect(page).toContain(`sum ${last}.00`);
        expect(pages[at + 1]).toContain(`sum ${last}.00`);
      }
    });
  });

  it('keeps its last row with what stands below', async () => {
    for (const count of [25, 26, 27, 28, 29, 30, 31, 32, 33]) {
      const pages = await draw(movements(count), { keepWithLast: 150 }, (flow) => {
        flow.need(150);
        flow.text('Sums', flow.left, flow.y + 20);
      });
      expect(pages.find((page) => page.includes('Sums'))).toContain(`Row<${count}>`);
    }
  });

  it('never leaves its headings alone at the foot of a page', async () => {
    for (const y of [560, 640, 700, 720, 740, 760]) {
      const flow = await openFlow({ tag: 'TABLES', headPoints: 60, turn: () => {} });
      flow.y = y;
      drawTable(flow, COLUMNS, movements(1), { keepWithLast: 120 });
      flow.settle();
      const { text } = await extractText(await getDocumentProxy(await flow.doc.save()));
      expect(text.at(-1)).toMatch(/Movement.*Row<1>/s);
      expect(text.slice(0, -1).join('').trim()).toBe('');
    }
  });

  it('lets a row that is longer than a page run on', async () => {
    const words = Array.from({ length: 1500 }, (_, at) => `w${at}`);
    const pages = await draw([{ label: words.join(' '), balance: '1.00' }, ...movements(1)]);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.join('\n').match(/\bw\d+/g)).toEqual(words);
    expect(pages.at(-1)).toContain('Row<1>');
  });
});
