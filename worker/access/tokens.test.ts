import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hashSecret,
  isUnsubscribeKey,
  lastFour,
  mintSessionSecret,
  mintToken,
  mintUnsubscribeKey,
  orgCodeShownBy,
  readToken,
  redact,
} from './tokens.ts';

describe('a token', () => {
  test('says its org and nothing else, and never repeats', () => {
    const tokens = new Set(Array.from({ length: 500 }, () => mintToken('ACME01')));
    expect(tokens.size).toBe(500);
    for (const token of tokens) {
      expect(token).toMatch(/^cfl01_ACME01_[0-9A-Za-z]{49}$/);
      expect(readToken(token)).toEqual({ orgCode: 'ACME01' });
      expect(lastFour(token)).toHaveLength(4);
    }
  });

  test('with any one character changed, dropped or doubled is refused', () => {
    const token = mintToken('ACME01');
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        fc.constantFrom(...'0123456789ABCXYZabcxyz_'),
        fc.constantFrom('change', 'drop', 'double'),
        (at, character, harm) => {
          const middle = { change: character, drop: '', double: token.charAt(at).repeat(2) }[harm];
          const mangled = token.slice(0, at) + middle + token.slice(at + 1);
          expect(readToken(mangled)).toEqual(mangled === token ? { orgCode: 'ACME01' } : null);
        },
      ),
    );
  });

  test('is not made up by accident', () => {
    fc.assert(fc.property(fc.string(), (text) => readToken(text) === null));
  });

  test('that was cut short opens nothing and still says whom to ask', () => {
    const cut = mintToken('ACME01').slice(0, 30);
    expect(readToken(cut)).toBeNull();
    expect(orgCodeShownBy(cut)).toBe('ACME01');
    for (const text of ['', 'cfl01_ACME', 'cfl01_ACME01', 'cfl02_ACME01_x', 'cfl01_AC/E01_x']) {
      expect(orgCodeShownBy(text)).toBeNull();
    }
  });

  test('leaves no trace in a log line', () => {
    const token = mintToken('ACME01');
    expect(redact(`GET /customer/${token}?x=1 and ${token.slice(0, 30)}`)).toBe(
      'GET /customer/cfl01_…?x=1 and cfl01_…',
    );
  });
});

test('a secret is stored as its SHA-256, in the way Postgres writes bytes', async () => {
  expect(await hashSecret('abc')).toBe(
    '\\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(mintSessionSecret()).toMatch(/^[0-9A-Za-z]{43}$/);
});

test('an unsubscribe key is known by its form, and never logged', () => {
  const key = mintUnsubscribeKey();
  expect(isUnsubscribeKey(key)).toBe(true);
  expect(isUnsubscribeKey(key.slice(1))).toBe(false);
  expect(isUnsubscribeKey(`${key}0`)).toBe(false);
  expect(redact(`POST /unsubscribe/${key}`)).toBe('POST /unsubscribe/cfu01_…');
});
