/** The words of invoices and payments: a catalogue of their own, so that the portal's first view does without it. */
import { addMessages, type Translate } from '../../lib/i18n.ts';
import type en from '../../locales/money.en.json';

export const moneyWords: Translate<typeof en> = addMessages({
  en: () => import('../../locales/money.en.json'),
  es: () => import('../../locales/money.es.json'),
  pl: () => import('../../locales/money.pl.json'),
});
