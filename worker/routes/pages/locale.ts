import { readCookie } from '../../access/cookies.ts';
import { LOCALES, type Locale } from '../../vocabulary.ts';

const isLocale = (text: string | null | undefined): text is Locale =>
  LOCALES.some((locale) => locale === text);

/**
 * The language of a page: what the person chose in this browser, else what they chose in another, where it
 * is known who they are, else what the browser prefers of ours, else the supplier's, else English.
 */
export function localeOf(
  headers: Headers,
  supplier: Locale = 'en',
  chosenElsewhere: Locale | null = null,
): Locale {
  const chosen = readCookie(headers, 'locale');
  if (isLocale(chosen)) {
    return chosen;
  }
  if (chosenElsewhere !== null) {
    return chosenElsewhere;
  }
  const preferred = (headers.get('Accept-Language') ?? '')
    .split(',')
    .map((entry) => {
      // RFC 9110, 12.5.4: white space may stand around the semicolon, and a weight of 0 refuses.
      const [tag = '', quality = 'q=1'] = entry.split(';').map((part) => part.trim());
      const [language = ''] = tag.toLowerCase().split('-');
      return { language, weight: Number(quality.slice(2)) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return preferred.map(({ language }) => language).find(isLocale) ?? supplier;
}
