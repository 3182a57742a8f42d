/** How long ago a moment is, in words. */

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/**
 * "3 days ago", in the largest unit of which one is full, days at most; within the minute it is "now".
 *
 * @param at ISO timestamp
 * @param now milliseconds
 */
export function ageWords(at: string, now: number, locale: string): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    const full = Math.floor(seconds / length);
    if (full > 0) return words.format(-full, unit);
  }
  return words.format(0, 'second');
}
