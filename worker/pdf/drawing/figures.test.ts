import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../vocabulary.ts';
import {
  currencyDecimals,
  decimalsOf,
  writeCountry,
  writeDay,
  writeDecimal,
  writeMoment,
  writeRate,
} from './figures.ts';

const MARKS = {
  en: { group: ',', point: '.' },
  es: { group: '.', point: ',' },
  pl: { group: '\u00a0', point: ',' },
};

const decimal = fc
  .tuple(
    fc.boolean(),
    fc.stringMatching(/^(?:0|[1-9]\d{0,60})$/),
    fc.option(fc.stringMatching(/^\d{1,12}$/), { nil: undefined }),
  )
  .map(([isNegative, whole, fraction]) => ({
    isNegative,
    whole,
    fraction: fraction ?? '',
    text: `${isNegative ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}`,
  }));

describe('writeDecimal', () => {
  it('keeps every digit, of numbers that no float could hold', () => {
    fc.assert(
      fc.property(
        decimal,
        fc.constantFrom(...LOCALES),
        fc.nat(4),
        ({ whole, fraction, text }, language, decimals) => {
          const written = writeDecimal(text, language, decimals);
          const [before = '', after = ''] = written.split(MARKS[language].point);
          expect(before.replace(/\D/g, '')).toBe(whole);
          expect(after.length).toBeGreaterThanOrEqual(decimals);
          expect(after.replace(/0+$/, '')).toBe(fraction.replace(/0+$/, ''));
        },
      ),
    );
  });

  it('groups all thousands, with one kind of mark that is never the decimal one', () => {
    fc.assert(
      fc.property(decimal, fc.constantFrom(...LOCALES), ({ text }, language) => {
        const { group, point } = MARKS[language];
        const [whole = '', ...fractions] = writeDecimal(text, language).split(point);
        expect(fractions.length).toBeLessThan(2);
        const [first = '', ...groups] = whole.replace('\u2212', '').split(group);
        expect(first).toMatch(/^\d{1,3}$/);
        for (const one of groups) expect(one).toMatch(/^\d{3}$/);
      }),
    );
  });

  it('has a minus for what is below zero, and for nothing else', () => {
    fc.assert(
      fc.property(decimal, ({ isNegative, whole, fraction, text }) => {
        const isZero = /^0*$/.test(whole + fraction);
        expect(writeDecimal(text, 'en').startsWith('\u2212')).toBe(isNegative && !isZero);
      }),
    );
  });

  it.each([
    ['99999999.99', 'en', '99,999,999.99'],
    ['99999999.99', 'es', '99.999.999,99'],
    ['99999999.99', 'pl', '99\u00a0999\u00a0999,99'],
    ['-1234.5', 'en', '\u22121,234.50'],
    ['1000', 'es', '1.000,00'],
    ['4.2750', 'pl', '4,275'],
    ['+7', 'en', '7.00'],
    ['-0.00', 'en', '0.00'],
    ['on request', 'pl', 'on request'],
    ['1e5', 'en', '1e5'],
    ['', 'en', ''],
  ] as const)('%s in %s is %s', (value, language, written) => {
    expect(writeDecimal(value, language, 2)).toBe(written);
  });
});

describe('decimals', () => {
  it('are as many as a column needs', () => {
    expect(decimalsOf(['4.275', null, '18.5000', 'on request'], 2)).toBe(3);
    expect(decimalsOf([null], 2)).toBe(2);
  });

  it('are those of the currency', () => {
    expect(['EUR', 'JPY', 'KWD', null, 'DOLLARS'].map(currencyDecimals)).toEqual([2, 0, 3, 2, 2]);
  });
});

describe('rates, days and countries', () => {
  it('are written as the language does', () => {
    expect(LOCALES.map((language) => writeRate('8.2500', language))).toEqual([
      '8.25%',
      '8,25\u00a0%',
      '8,25%',
    ]);
    expect(LOCALES.map((language) => writeDay('2026-08-01', language))).toEqual([
      'Aug 1, 2026',
      '1 ago 2026',
      '1 sie 2026',
    ]);
    expect(LOCALES.map((language) => writeCountry('DE', language))).toEqual([
      'Germany',
      'Alemania',
      'Niemcy',
    ]);
    expect(writeMoment('2026-11-20T23:30:10.123456Z', 'es')).toBe('20 nov 2026, 23:30 UTC');
    expect(writeMoment('2026-11-21T01:30:00+02:00', 'en')).toBe('Nov 20, 2026, 23:30 UTC');
  });

  it('stay as they are where they are something else', () => {
    expect(writeRate('exempt', 'en')).toBe('exempt');
    expect(writeDay('soon', 'en')).toBe('soon');
    expect(writeMoment('soon', 'en')).toBe('soon');
    expect(writeCountry('Polska', 'en')).toBe('Polska');
  });
});
