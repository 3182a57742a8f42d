import { beforeAll, expect, it } from 'vitest';
import { loadWords } from '../../../lib/i18n.ts';
import type { Review } from '../../types.ts';
import { signedWords, staysWords, widenedWords } from './outgoing.ts';

beforeAll(loadWords);

const NOTHING: Review['totals'] = {
  items: 0,
  passes: 0,
  blocked: 0,
  warnings: 0,
  awaitingTick: 0,
  overridden: 0,
  excluded: 0,
  new: 0,
  changed: 0,
  same: 0,
  revision: 0,
  conflict: 0,
  passing: { customers: 0, firstCustomers: 0, widened: 0, orders: 0, documents: 0, contacts: 0 },
  rows: 0,
  skipped: 0,
};
const passing = {
  customers: 43,
  firstCustomers: 3,
  widened: 0,
  orders: 0,
  documents: 512,
  contacts: 6,
};

it('what is signed is said in one line, with every count that matters', () => {
  expect(signedWords({ totals: { ...NOTHING, passes: 600, overridden: 2, passing } })).toBe(
    '512 documents to 43 customers; 3 first-time customers; 6 new recipients; 2 overrides',
  );
});

it('one of each is said as one', () => {
  const one = { customers: 1, firstCustomers: 1, widened: 0, orders: 1, documents: 1, contacts: 1 };
  expect(signedWords({ totals: { ...NOTHING, passes: 4, overridden: 1, passing: one } })).toBe(
    '1 order and 1 document to 1 customer; 1 first-time customer; 1 new recipient; 1 override',
  );
});

it('what there is none of is not said', () => {
  const few = { ...passing, firstCustomers: 0, contacts: 0 };
  expect(signedWords({ totals: { ...NOTHING, passes: 512, passing: few } })).toBe(
    '512 documents to 43 customers',
  );
  expect(staysWords({ totals: NOTHING })).toEqual([]);
});

it('what stays behind is said with its reason', () => {
  expect(staysWords({ totals: { ...NOTHING, excluded: 4 } })).toEqual([
    '4 items stay behind because they were left out.',
  ]);
});

it('who will see more is named, with what, and the rest are counted', () => {
  const acme = { key: 'A', name: 'Acme', widenedKinds: ['invoice'], widenedFields: ['total'] };
  const nameless = { key: 'B', name: null, widenedKinds: [], widenedFields: ['line_unit_price'] };
  // No more of a customer is read here.
  const said = (count: number, widened: object[]) =>
    widenedWords({
      totals: { ...NOTHING, passing: { ...passing, widened: count } },
      widened: widened as Review['widened'], // as above
    });
  expect(said(0, [])).toEqual([]);
  expect(said(1, [nameless])).toEqual(['1 customer will see more: B: Unit price.']);
  expect(said(2, [acme, nameless])).toEqual([
    '2 customers will see more: Acme: Invoice and Total; B: Unit price.',
  ]);
  expect(said(41, [acme])).toEqual([
    '41 customers will see more: Acme: Invoice and Total; and 40 others.',
  ]);
});
