/** How long ago something was, as a person says it. */
import { currentLocale } from '../lib/i18n.ts';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/**
 * A moment (ISO timestamp) as "12 minutes ago", whole ones; what is younger than a minute is "now". Pure.
 *
 * @param now milliseconds since 1970
 */
export function formatAgo(moment: string, now: number, locale: string = currentLocale()): string {
  // Clocks differ: what is said to come was just now.
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (seconds < MINUTE_SECONDS) return words.format(0, 'second');
  if (seconds < HOUR_SECONDS) return words.format(-Math.floor(seconds / MINUTE_SECONDS), 'minute');
  if (seconds < DAY_SECONDS) return words.format(-Math.floor(seconds / HOUR_SECONDS), 'hour');
  return words.format(-Math.floor(seconds / DAY_SECONDS), 'day');
}
