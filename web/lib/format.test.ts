import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDate,
  formatDay,
  formatMoment,
  formatMoney,
  formatNumber,
  formatPercent,
  formatSize,
} from './format.ts';

/** Intl separates with no-break spaces of several kinds. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formatMoney', () => {
  it('never loses a digit of what was published', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 17n }),
        fc.integer({ min: 0, max: 99 }),
        fc.boolean(),
        (whole, cents, negative) => {
          const amount = `${negative ? '-' : ''}${whole}.${String(cents).padStart(2, '0')}`;
          const shown = formatMoney(amount, 'EUR', 'en').replace(/[^\d.]/g, '');
          expect(shown).toBe(amount.replace('-', ''));
        },
      ),
    );
  });

  it('writes it as the language does', () => {
    expect(plain(formatMoney('12345.60', 'EUR', 'es'))).toBe('12.345,60 €');
    expect(plain(formatMoney('12345.60', 'PLN', 'pl'))).toBe('12 345,60 zł');
    expect(formatMoney('-12.50', 'USD', 'en')).toBe('-$12.50');
  });

  it("has the currency's own decimals, and more where the amount has them", () => {
    expect(formatMoney('1234.00', 'JPY', 'en')).toBe('¥1,234');
    expect(formatMoney('4.2750', 'USD', 'en')).toBe('$4.275');
    expect(formatMoney('5', 'USD', 'en')).toBe('$5.00');
  });

  it('shows as it stands what is no amount or no currency', () => {
    expect(formatMoney('n/a', 'USD', 'en')).toBe('n/a USD');
    expect(formatMoney('1.00', 'DOLLARS', 'en')).toBe('1.00 DOLLARS');
  });
});

describe('formatDay', () => {
  it.each([
    ['en', 'Nov 1, 2026'],
    ['es', '1 nov 2026'],
    ['pl', '1 lis 2026'],
  ])('writes a day in %s', (locale, words) => {
    expect(formatDay('2026-11-01', locale)).toBe(words);
  });

  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Warsaw'])(
    'is the same day in %s',
    (timeZone) => {
      const before = process.env.TZ;
      process.env.TZ = timeZone;
      try {
        expect(formatDay('2026-03-29', 'en')).toBe('Mar 29, 2026');
        expect(formatDay('2026-01-01', 'en')).toBe('Jan 1, 2026');
      } finally {
        if (before === undefined) delete process.env.TZ;
        else process.env.TZ = before;
      }
    },
  );

  it('shows as it stands what is no day', () => {
    expect(formatDay('soon', 'en')).toBe('soon');
  });
});

describe('formatDate and formatMoment', () => {
  it("are a moment's day and time in the named zone", () => {
    const moment = '2026-11-20T23:30:00.123456Z';
    expect(formatDate(moment, 'en', 'UTC')).toBe('Nov 20, 2026');
    expect(formatDate(moment, 'en', 'Europe/Warsaw')).toBe('Nov 21, 2026');
    expect(plain(formatMoment(moment, 'en', 'UTC'))).toBe('Nov 20, 2026, 11:30 PM');
  });
});

describe('formatNumber, formatPercent and formatSize', () => {
  it('leave out needless zeros and keep every other digit', () => {
    expect(formatNumber('120.000000', 'en')).toBe('120');
    expect(formatNumber('2.500', 'es')).toBe('2,5');
    expect(formatNumber('123456789012.123456', 'en')).toBe('123,456,789,012.123456');
  });

  it('take a rate for percent', () => {
    expect(plain(formatPercent('8.25', 'en'))).toBe('8.25%');
    expect(plain(formatPercent('23', 'pl'))).toBe('23%');
  });

  it('count bytes in thousands', () => {
    expect(formatSize(40, 'en')).toBe('1 kB');
    expect(formatSize(84_213, 'en')).toBe('84 kB');
    expect(plain(formatSize(1_340_000, 'es'))).toBe('1,3 MB');
  });
});
