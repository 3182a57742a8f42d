import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOCALES } from '../../vocabulary.ts';
import { localeOf } from './locale.ts';

const preferring = (language: string, cookie = '') =>
  localeOf(new Headers({ 'Accept-Language': language, Cookie: cookie }));

test.each([
  ['es', 'es'],
  ['pl-PL,pl;q=0.9,en;q=0.8', 'pl'],
  ['de, es;q=0.5, pl;q=0.7', 'pl'],
  ['de, fr', 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['ES-mx', 'es'],
  ['en;q=0.2, es;q=0.3', 'es'],
  ['en;q=0.2, es ; q=0.3', 'es'],
  ['es; q=0.9, pl;q=0.8', 'es'],
  ['pl;q=0, es;q=0.1', 'es'],
  ['pl;q=0', 'en'],
  ['plt, est', 'en'],
  ['en, es', 'en'],
])('a browser that prefers "%s" reads %s', (language, locale) => {
  expect(preferring(language)).toBe(locale);
});

test('what the person chose comes first, if there is such a language', () => {
  expect(preferring('es', 'locale=pl')).toBe('pl');
  expect(preferring('es', 'locale=xx')).toBe('es');
  expect(preferring('es', 'locale=')).toBe('es');
  expect(localeOf(new Headers())).toBe('en');
});

test('what they chose in another browser comes before what this one prefers', () => {
  const headers = (cookie: string) => new Headers({ 'Accept-Language': 'en', Cookie: cookie });
  expect(localeOf(headers(''), 'es', 'pl')).toBe('pl');
  expect(localeOf(headers('locale=es'), 'en', 'pl')).toBe('es');
  expect(localeOf(headers(''), 'es', null)).toBe('en');
  expect(localeOf(new Headers(), 'es', null)).toBe('es');
});

test('whatever a header says, there is a language', () => {
  const printable = fc.stringMatching(/^[ -~]*$/);
  fc.assert(
    fc.property(printable, printable, (language, cookie) => {
      expect(LOCALES).toContain(preferring(language, cookie));
    }),
  );
});
