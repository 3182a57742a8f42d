import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCarriers } from './open.ts';
import { calendarDay, compact, moment, text } from './reading.ts';

describe('moments', () => {
  test.each([
    ['2025-08-26T15:44:34-07:00', null, '2025-08-26T22:44:34Z'],
    ['2025-08-26T15:44:34-0700', null, '2025-08-26T22:44:34Z'],
    ['2025-08-26T15:44:34.123Z', null, '2025-08-26T15:44:34Z'],
    ['20250826 15:44:34', null, '2025-08-26T15:44:34Z'],
    ['20250826 154434', '-07:00', '2025-08-26T22:44:34Z'],
    ['2025-08-26T15:44:34', null, '2025-08-26T15:44:34Z'],
    ['2025-08-26T15:44:34Z', '-07:00', '2025-08-26T15:44:34Z'],
    ['2025-08-26T15:44', null, '2025-08-26T15:44:00Z'],
    ['2025-08-26', null, '2025-08-26T00:00:00Z'],
  ])('%s with %s', (value, offset, expected) => {
    expect(moment(value, offset)).toBe(expected);
  });

  test.each([
    '',
    'soon',
    '0001-01-01T00:00:00',
    '2025-02-30T10:00:00',
    '2025-08-26T25:00:00',
    null,
  ])('%s is none', (value) => {
    expect(moment(value)).toBeNull();
  });
});

test('a day is the day that was said, in its own zone', () => {
  expect(calendarDay('2025-08-26T23:30:00-07:00')).toBe('2025-08-26');
  expect(calendarDay('20250826')).toBe('2025-08-26');
  for (const none of [null, '', '2025-13-01', '2025-02-29', '202508261']) {
    expect(calendarDay(none)).toBeNull();
  }
});

test('text is what a page and Postgres can take, whatever comes', () => {
  expect(text.parse(' DELIVERED\u0000 \n TO  DOCK ')).toBe('DELIVERED TO DOCK');
  expect(text.parse(11)).toBe('11');
  for (const none of ['', '  ', null, undefined, {}, ['x'], true]) {
    expect(text.parse(none)).toBeNull();
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (any) => {
      const read = text.parse(any) ?? '';
      expect(read.isWellFormed()).toBe(true);
      expect(read).not.toMatch(/\p{Cc}/u);
      expect(read.length).toBeLessThanOrEqual(300);
    }),
  );
});

describe('numbers', () => {
  const account = { clientId: 'i', clientSecret: 's', baseUrl: 'http://local', callsPerHour: 1 };
  const { fedex, ups, usps } = openCarriers({ fedex: account, ups: account, usps: account });

  test.each([
    ['7812 3456 7890', '781234567890'],
    ['7812-3456-7890', '781234567890'],
    ['781234567891', '781234567891'],
    ['dt123456789012', 'DT123456789012'],
    ['9612345678901234567890', '9612345678901234567890'],
    ['1Z4A71E10312345678', null],
    ['12345', null],
    ['', null],
  ])('FedEx writes "%s" as %s', (number, written) => {
    expect(fedex?.normalise(number)).toBe(written);
  });

  test.each([
    ['1z 4a71 e103 1234 5678', '1Z4A71E10312345678'],
    ['1Z4A71E1031234567', null],
    ['T1234567890', 'T1234567890'],
    ['1Z4A71E1031234567é', null],
    ['../../details', null],
  ])('UPS writes "%s" as %s', (number, written) => {
    expect(ups?.normalise(number)).toBe(written);
  });

  test.each([
    ['9405 5112 3456 7890 1234 56', '9405511234567890123456'],
    ['420 53202 9405511234567890123456', '9405511234567890123456'],
    ['420532021234 9405511234567890123456', '9405511234567890123456'],
    ['ea123456789us', 'EA123456789US'],
    ['94055112', null],
    ['1Z4A71E10312345678', null],
  ])('USPS writes "%s" as %s', (number, written) => {
    expect(usps?.normalise(number)).toBe(written);
  });

  test('full width digits and other dashes are what they look like', () => {
    expect(compact('７８１２–３４５６')).toBe('78123456');
  });
});
