/** The words of the statement: a catalogue of its own, fetched with its page. */
import { addMessages, type Translate } from '../../lib/i18n.ts';
import type en from '../../locales/statement.en.json';

export const statementWords: Translate<typeof en> = addMessages({
  en: () => import('../../locales/statement.en.json'),
  es: () => import('../../locales/statement.es.json'),
  pl: () => import('../../locales/statement.pl.json'),
});
