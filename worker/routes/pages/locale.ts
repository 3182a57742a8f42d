import { readCookie } from '../../access/cookies.ts';
import { LOCALES, type Locale } from '../../vocabulary.ts';

const isLocale = (text: string | null | undefined): text is Locale =>
  LOCALES.some((locale) => locale === text);

/** The language of a page: what the person chose, else what the browser prefers, else English. */
export function localeOf(headers: Headers): Locale {
  const chosen = readCookie(headers, 'locale');
  if (isLocale(chosen)) {
    return chosen;
  }
  const preferred = (headers.get('Accept-Language') ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', quality = 'q=1'] = entry.trim().split(';');
      return { language: tag.slice(0, 2).toLowerCase(), weight: Number(quality.slice(2)) || 0 };
    })
    .sort((a, b) => b.weight - a.weight);
  return preferred.map(({ language }) => language).find(isLocale) ?? 'en';
}
