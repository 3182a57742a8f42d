import { type Cell, csvFile, figure } from '../../csv.ts';
import { figuresOf, type Statement, type StatementBlock } from '../../domain/statement.ts';

const HEADER = [
  'currency',
  'date',
  'kind',
  'number',
  'reference',
  'due_date',
  'debit',
  'credit',
  'balance',
];
/** A bound of the account, or of an age of it: what it is called stands where a movement's kind does. */
const bound = (currency: string, date: string, kind: string, balance: string): Cell[] => [
  currency,
  date,
  kind,
  null,
  null,
  null,
  null,
  null,
  figure(balance),
];
const AGES = {
  current: 'open_current',
  to30: 'open_1_30',
  to60: 'open_31_60',
  to90: 'open_61_90',
  to120: 'open_91_120',
  over120: 'open_over_120',
  unallocated: 'unallocated',
} as const satisfies Record<keyof StatementBlock['aging'], string>;
// sound: the record's own keys
const AGE_NAMES = Object.keys(AGES) as (keyof typeof AGES)[];

/** What is said of the figures, in a row of its own: as of when they are, and which of them are not there. */
const remark = (
  kind: string,
  more: { currency?: string; date?: string; count?: number },
): Cell[] => [
  more.currency ?? null,
  more.date ?? null,
  kind,
  null,
  more.count ?? null,
  null,
  null,
  null,
  null,
];

/**
 * A statement as a CSV: one row a movement, with the balances and the ages around them as rows of their own.
 * A currency that is left out has a row that says so (`not_shown`), papers without a day one that counts them
 * (`undated`, as its reference), what is dated behind the last day one too (`dated_later`), and the whole one that
 * says as of when it is (`data_as_of`).
 */
export function statementCsv({ figures, asOf, later }: Omit<Statement, 'today'>): string {
  const { from, to, blocks, leftOut } = figuresOf(figures);
  const amount = (text: string | null) => (text === null ? null : figure(text));
  const rows = blocks.flatMap(({ currency, opening, closing, aging, movements, undated }) => [
    bound(currency, from, 'opening_balance', opening),
    ...(undated > 0 ? [remark('undated', { currency, count: undated })] : []),
    ...movements.map((movement): Cell[] => [
      currency,
      movement.date,
      movement.kind,
      movement.number,
      movement.reference,
      movement.dueOn,
      amount(movement.debit),
      amount(movement.credit),
      figure(movement.balance),
    ]),
    bound(currency, to, 'closing_balance', closing),
    ...AGE_NAMES.map((age) => bound(currency, to, AGES[age], aging[age])),
  ]);
  return csvFile([
    HEADER,
    ...rows,
    ...leftOut.map((currency) => remark('not_shown', { currency })),
    ...(later > 0 ? [remark('dated_later', { count: later })] : []),
    ...(asOf === null ? [] : [remark('data_as_of', { date: asOf })]),
  ]);
}
