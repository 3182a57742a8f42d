/** The words of reports: a catalogue of their own, so that the portal's first view does without it. */
import { addMessages, type Translate } from '../../lib/i18n.ts';
import type en from '../../locales/issues.en.json';

export const issueWords: Translate<typeof en> = addMessages({
  en: () => import('../../locales/issues.en.json'),
  es: () => import('../../locales/issues.es.json'),
  pl: () => import('../../locales/issues.pl.json'),
});
