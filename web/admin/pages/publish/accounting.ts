/** Whether the numbers of a review add up, exactly: rows, and totals as decimal text. */
import type { Review } from '../../types.ts';

const ROW_FATES = ['created', 'changed', 'same', 'blocked', 'excluded', 'skipped'] as const;
type RowFate = (typeof ROW_FATES)[number];

/** What became of the rows, and how many nothing accounts for: 0, or something is wrong. */
export function rowAccount({ totals, became }: Pick<Review, 'totals' | 'became'>): {
  rows: number;
  fates: { fate: RowFate; count: number }[];
  off: number;
} {
  const counts = { ...became, skipped: totals.skipped };
  const fates = ROW_FATES.map((fate) => ({ fate, count: counts[fate] }));
  const known = fates.reduce((sum, { count }) => sum + count, 0);
  return { rows: totals.rows, fates, off: totals.rows - known };
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * The difference of two decimals (text, such as `1204.50`), exactly; without needless zeros.
 *
 * @returns null where one of them is not a decimal
 */
export function difference(from: string, taken: string): string | null {
  const decimals = Math.max(decimalsOf(from), decimalsOf(taken));
  const one = scaled(from, decimals);
  const other = scaled(taken, decimals);
  if (one === null || other === null) return null;
  const left = one - other;
  const digits = String(left < 0n ? -left : left).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${left < 0n ? '-' : ''}${whole}${part && `.${part}`}`;
}

const decimalsOf = (decimal: string): number => DECIMAL.exec(decimal)?.[3]?.length ?? 0;

function scaled(decimal: string, decimals: number): bigint | null {
  const [, sign, whole, part = ''] = DECIMAL.exec(decimal) ?? [];
  if (whole === undefined) return null;
  const value = BigInt(whole + part.padEnd(decimals, '0'));
  return sign === '-' ? -value : value;
}
