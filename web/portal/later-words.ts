/** The words of what is fetched later: a catalogue of its own, so that the first view does without it. */
import { addMessages, type Translate } from '../lib/i18n.ts';
import type en from '../locales/later.en.json';

export const laterWords: Translate<typeof en> = addMessages({
  en: () => import('../locales/later.en.json'),
  es: () => import('../locales/later.es.json'),
  pl: () => import('../locales/later.pl.json'),
});
