import { daysOf } from '../filters/days.ts';

/** The periods that a statement is usually of, around the supplier's day. Days are YYYY-MM-DD, both included. */
export const PERIODS = [
  'thisMonth',
  'lastMonth',
  'thisQuarter',
  'lastQuarter',
  'thisYear',
  'lastYear',
] as const;
type PeriodName = (typeof PERIODS)[number];
export type Days = { from: string; to: string };

const MONTHS: Record<PeriodName, readonly [length: 1 | 3 | 12, isLast: boolean]> = {
  thisMonth: [1, false],
  lastMonth: [1, true],
  thisQuarter: [3, false],
  lastQuarter: [3, true],
  thisYear: [12, false],
  lastYear: [12, true],
};

/** The period of that name; one that is under way ends today. Pure. */
export function periodOf(name: PeriodName, today: string): Days {
  const [length, isLast] = MONTHS[name];
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7)) - 1;
  const first = month - (month % length) - (isLast ? length : 0);
  return {
    from: dayOf(Date.UTC(year, first, 1)),
    to: isLast ? dayOf(Date.UTC(year, first + length, 0)) : today,
  };
}

const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** The period that an address asks for; what is no day is left out. Pure. */
export function daysIn(query: Record<string, string | undefined>): Partial<Days> {
  const { from, to } = daysOf(query);
  return { ...(from && { from }), ...(to && { to }) };
}

/** A path with a period as its query, in one order, so that one statement has one name. Pure. */
export function withDays(path: string, { from, to }: Partial<Days>): string {
  const params = new URLSearchParams({ ...(from && { from }), ...(to && { to }) });
  return params.size > 0 ? `${path}?${params}` : path;
}
