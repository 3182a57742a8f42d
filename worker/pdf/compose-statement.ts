/** A statement of account as a PDF: a table of movements a currency, what is owed, and how old that is. */
import { fingerprint, finish, tagOf } from './drawing/colophon.ts';
import { DOCUMENT_WORDS } from './drawing/document-words.ts';
import { AGES, type DrawnBlock, type DrawnStatement } from './drawing/drawn-statement.ts';
import {
  currencyDecimals,
  writeCountry,
  writeDay,
  writeDecimal,
  writeMoment,
} from './drawing/figures.ts';
import { accentOf, type Ink } from './drawing/inks.ts';
import {
  drawFacts,
  drawFoot,
  drawMasthead,
  drawParties,
  drawRunningHead,
  drawSums,
  drawTitle,
  HEAD_POINTS,
  type Sum,
} from './drawing/letter.ts';
import { drawLogo } from './drawing/logo.ts';
import { type Flow, openFlow } from './drawing/page-flow.ts';
import { STATEMENT_WORDS, type StatementWords } from './drawing/statement-words.ts';
import { type Column, drawTable } from './drawing/table.ts';

export type { DrawnStatement } from './drawing/drawn-statement.ts';

/** A row as it is printed. */
type Row = Record<
  'date' | 'document' | 'reference' | 'dueOn' | 'debit' | 'credit' | 'balance',
  string | null
>;
type Written = { language: DrawnStatement['language']; words: StatementWords; accent: Ink };

/** As `compose` does: A4, the same bytes for the same input, and never a throw for what texts hold. */
export async function composeStatement(account: DrawnStatement): Promise<Uint8Array<ArrayBuffer>> {
  const { language, supplier, customer, statement } = account;
  const words = STATEMENT_WORDS[language];
  const common = DOCUMENT_WORDS[language];
  const accent = accentOf(supplier.colour);
  const period = `${writeDay(statement.from, language)} – ${writeDay(statement.to, language)}`;
  const title = [words.title, account.number ?? ''].join(' ').trim();
  const { logo, ...said } = account;
  const print = await fingerprint({ ...said, logo: logo?.type });

  const flow = await openFlow({
    tag: tagOf(print),
    headPoints: HEAD_POINTS,
    turn: (turned) =>
      drawRunningHead(turned, supplier.name, `${title}  ·  ${customer.name}`, accent),
  });
  const logoHeight = logo ? await drawLogo(flow, logo, flow.left, flow.y) : 0;
  const lines = [supplier.address, supplier.contactEmail, supplier.contactPhone].filter(
    (line) => line !== null,
  );
  drawMasthead(flow, { name: supplier.name, lines }, logoHeight, accent);
  drawTitle(flow, { title: words.title, number: account.number ?? '', copy: null }, accent);
  drawParties(flow, [
    {
      label: common.customer,
      name: customer.name,
      lines: [
        ...(customer.country === null ? [] : [writeCountry(customer.country, language)]),
        ...(customer.taxId === null ? [] : [common.taxId(customer.taxId)]),
        common.customerCode(customer.code),
      ],
    },
  ]);
  drawFacts(flow, [
    [words.period, period],
    [words.asOf, writeMoment(account.asOf, language)],
  ]);
  for (const block of statement.blocks) {
    drawBlock(flow, block, statement, { language, words, accent });
  }
  // What is left out or dated later may well be owed: nothing is said of what is not known.
  if (statement.leftOut.length > 0) {
    drawNote(flow, words.leftOut(statement.leftOut.join(', ')));
  } else if (statement.blocks.length === 0 && !statement.later) {
    drawNote(flow, words.nothing);
  }

  if (statement.later) drawNote(flow, words.later(statement.later));

  flow.onEachPage((page, count) => {
    drawFoot(flow, {
      title: `${supplier.name}  ·  ${title}  ·  ${period}`,
      page: common.page(page, count),
      stamp: account.stamp,
    });
  });
  return finish(flow, {
    title: `${title}, ${period}`,
    author: supplier.name,
    language,
    asOf: account.asOf,
    print,
  });
}

function drawBlock(
  flow: Flow,
  block: DrawnBlock,
  { from, to }: DrawnStatement['statement'],
  { language, words, accent }: Written,
): void {
  const decimals = Math.max(2, currencyDecimals(block.currency));
  const write = (amount: string | null) =>
    amount === null ? null : writeDecimal(amount, language, decimals);
  const day = dayWriter(language);
  const blank = { reference: null, dueOn: null, debit: null, credit: null };
  const rows: Row[] = [
    { ...blank, date: day(from), document: words.opening, balance: write(block.opening) },
    ...block.movements.map((movement) => ({
      date: day(movement.date),
      document: words.kinds[movement.kind](movement.number),
      reference: movement.reference,
      dueOn: day(movement.dueOn),
      debit: write(movement.debit),
      credit: write(movement.credit),
      balance: write(movement.balance),
    })),
    { ...blank, date: day(to), document: words.closing, balance: write(block.closing) },
  ];
  drawHeading(flow, block.currency);
  drawTable(flow, columnsOf(words), rows, {
    carried: {
      forward: words.carriedForward,
      brought: words.broughtForward,
      amount: ({ balance }) => balance ?? '',
    },
  });
  const sums: Sum[] = [
    { label: words.opening, amount: write(block.opening) ?? '' },
    { label: words.debits, amount: write(block.debits) ?? '' },
    { label: words.credits, amount: write(block.credits) ?? '' },
    { label: words.owed(block.currency), amount: write(block.closing) ?? '', total: true },
  ];
  const notes = [
    ...(block.undated === 0 ? [] : [words.undated(block.undated)]),
    ...(/^-/.test(block.aging.unallocated) ? [words.unallocated] : []),
  ];
  drawSums(flow, sums, notes.join(' '), accent);
  drawHeading(flow, words.aging(writeDay(to, language)), 8.8);
  drawTable(
    flow,
    AGES.map(
      (age): Column<DrawnBlock['aging']> => ({
        heading: words.ages[age],
        figures: true,
        cell: (aging) => write(aging[age]),
      }),
    ),
    [block.aging],
  );
  flow.y += 26;
}

function columnsOf(words: StatementWords): Column<Row>[] {
  return [
    { heading: words.date, cell: ({ date }) => date },
    { heading: words.document, flexible: true, cell: ({ document }) => document },
    { heading: words.reference, cell: ({ reference }) => reference },
    { heading: words.dueOn, cell: ({ dueOn }) => dueOn },
    { heading: words.debit, figures: true, cell: ({ debit }) => debit },
    { heading: words.credit, figures: true, cell: ({ credit }) => credit },
    { heading: words.balance, figures: true, cell: ({ balance }) => balance },
  ];
}

/** Days come again and again, and writing one costs more than drawing it. */
function dayWriter(language: DrawnStatement['language']) {
  const known = new Map<string, string>();
  return (value: string | null) => {
    if (value === null) return null;
    const written = known.get(value) ?? writeDay(value, language);
    known.set(value, written);
    return written;
  };
}

/** A heading, with room below it for the beginning of its table. */
function drawHeading(flow: Flow, text: string, size = 12): void {
  flow.need(70);
  flow.text(text, flow.left, flow.y + size, { size, bold: true });
  flow.y += size + 12;
}

function drawNote(flow: Flow, note: string): void {
  const lines = flow.wrap(note, flow.width);
  flow.need(lines.length * 12 + 8);
  lines.forEach((line, at) => {
    flow.text(line, flow.left, flow.y + 9 + at * 12);
  });
  flow.y += lines.length * 12 + 8;
}
