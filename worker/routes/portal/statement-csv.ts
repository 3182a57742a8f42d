import { type Cell, csvFile, figure } from '../../csv.ts';
import type { StatementBlock, StatementFigures } from '../../domain/statement.ts';

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

/** A statement as a CSV: one row a movement, with the balances and the ages around them as rows of their own. */
export function statementCsv({ from, to, blocks }: StatementFigures): string {
  const amount = (text: string | null) => (text === null ? null : figure(text));
  const rows = blocks.flatMap(({ currency, opening, closing, aging, movements }): Cell[][] => [
    bound(currency, from, 'opening_balance', opening),
    ...movements.map((movement) => [
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
  return csvFile([HEADER, ...rows]);
}
