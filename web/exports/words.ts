/** The words of exports, for the portal and the console: a catalogue of their own, since few visits need it. */
import { addMessages, type Translate } from '../lib/i18n.ts';
import type en from '../locales/exports.en.json';

export const exportWords: Translate<typeof en> = addMessages({
  en: () => import('../locales/exports.en.json'),
  es: () => import('../locales/exports.es.json'),
  pl: () => import('../locales/exports.pl.json'),
});
