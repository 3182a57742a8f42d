import { expect, it } from 'vitest';
import { INVOICE_FILTERS, INVOICE_STATUSES } from '../../../worker/vocabulary.ts';
import en from '../../locales/money.en.json';

it('there are words for every kind and status of invoices', () => {
  expect(Object.keys(en.status)).toEqual(['all', ...INVOICE_FILTERS]);
  expect(Object.keys(en.badge)).toEqual(expect.arrayContaining([...INVOICE_STATUSES]));
});
