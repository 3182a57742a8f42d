import { describe, expect, it } from 'vitest';
import { ERROR_STATUS } from '../../worker/errors.ts';
import { DOCUMENT_KINDS, ORDER_STATUSES, SHIPMENT_STATUSES } from '../../worker/vocabulary.ts';
import adminEn from '../locales/admin.en.json';
import en from '../locales/en.json';
import es from '../locales/es.json';
import pl from '../locales/pl.json';
import { localeOf, translate } from './i18n.ts';

describe('en', () => {
  it('has words for every error code, status and kind', () => {
    const codes = [...Object.keys(en.errors), ...Object.keys(adminEn.errors)];
    expect(codes).toEqual(expect.arrayContaining(Object.keys(ERROR_STATUS)));
    expect(Object.keys(en.orderStatus)).toEqual([...ORDER_STATUSES]);
    expect(Object.keys(en.shipmentStatus)).toEqual([...SHIPMENT_STATUSES]);
    expect(Object.keys(en.documentKind)).toEqual([...DOCUMENT_KINDS]);
  });
});

describe('translate', () => {
  it('fills in what it is given and leaves the rest visible', () => {
    expect(translate(en, 'en', 'order.title', { number: 'SO-1' })).toBe('Order SO-1');
    expect(translate(en, 'en', 'order.title')).toBe('Order {number}');
  });

  it('fills in a value that holds a placeholder as it stands', () => {
    const values = { kind: '{number}', number: '$1' };
    expect(translate(en, 'en', 'document.named', values)).toBe('{number} $1');
  });

  it('gives nothing for a path that leads nowhere or into the middle', () => {
    expect(translate(en, 'en', 'order.none')).toBeUndefined();
    expect(translate(en, 'en', 'order')).toBeUndefined();
    expect(translate(en, 'en', 'order.title.length')).toBeUndefined();
  });

  it('reads a flat catalogue whose names hold dots', () => {
    const flat = { 'app.items': { one: '{count} item', other: '{count} items' } };
    expect(translate(flat, 'en', 'app.items', { count: 1 })).toBe('1 item');
  });

  it.each([
    [0, '0 nowych dokumentów'],
    [1, '1 nowy dokument'],
    [2, '2 nowe dokumenty'],
    [5, '5 nowych dokumentów'],
    [12, '12 nowych dokumentów'],
    [22, '22 nowe dokumenty'],
    [112, '112 nowych dokumentów'],
    [1.5, '1,5 nowego dokumentu'],
  ])('counts %d in Polish', (count, words) => {
    expect(translate(pl, 'pl', 'home.newDocuments', { count })).toBe(words);
  });

  it.each([
    ['Harrow Point Marine Inc.', 'Harrow Point Marine Inc. Gdy się'],
    ['Borealis Tools', 'Borealis Tools. Gdy się'],
  ])('ends a sentence after "%s" with one full stop', (customer, words) => {
    expect(translate(pl, 'pl', 'home.empty', { org: 'Acme', customer })).toContain(words);
  });

  it('writes numbers as the language does', () => {
    expect(translate(es, 'es', 'home.newDocuments', { count: 12345 })).toBe(
      '12.345 documentos nuevos',
    );
  });
});

describe('localeOf', () => {
  it.each([
    ['es-MX', 'es'],
    ['PL', 'pl'],
    ['en-GB', 'en'],
    ['de', undefined],
    ['', undefined],
    [null, undefined],
  ])('takes %s for %s', (tag, locale) => {
    expect(localeOf(tag)).toBe(locale);
  });
});
