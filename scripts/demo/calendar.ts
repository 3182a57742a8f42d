/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

const DAY_MS = 86_400_000;

/** The UTC day of a moment. */
export function dayOf(moment: Date): Day {
  return moment.toISOString().slice(0, 10);
}

/** The day `days` after `day` (before it, when negative). */
export function addDays(day: Day, days: number): Day {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

function weekday(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The same day, or the Friday before when it falls on a weekend. */
export function workdayBefore(day: Day): Day {
  const sinceFriday = { 6: 1, 0: 2 }[weekday(day)] ?? 0;
  return addDays(day, -sinceFriday);
}

/** The same day, or the Monday after when it falls on a weekend. */
export function workdayAfter(day: Day): Day {
  const untilMonday = { 6: 2, 0: 1 }[weekday(day)] ?? 0;
  return addDays(day, untilMonday);
}

/** The earlier of two days. */
export function earlier(a: Day, b: Day): Day {
  return a < b ? a : b;
}

/** A day as paperwork prints it, the same in every locale: `3 Nov 2026`. */
export function printDay(day: Day): string {
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  return `${Number(day.slice(8))} ${months[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
}
