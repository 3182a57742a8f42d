import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCookie } from './cookies.ts';
import { endedSessionCookie, readRememberedLink, readSession, sessionCookies } from './sessions.ts';
import { mintSessionSecret } from './tokens.ts';

const withCookie = (cookie: string) => new Headers({ Cookie: cookie });
const LINK_ID = '0198c0de-0000-7000-8000-00000000000a';

describe('a cookie', () => {
  test('is found by its whole name only, wherever it stands', () => {
    const headers = withCookie('xlocale=no; locale=es;locale-old=pl ; Locale=en');
    expect(readCookie(headers, 'locale')).toBe('es');
    expect(readCookie(headers, 'old')).toBeNull();
    expect(readCookie(new Headers(), 'locale')).toBeNull();
    expect(readCookie(withCookie('locale'), 'locale')).toBeNull();
    expect(readCookie(withCookie('a=1; wanted=/orders?q=PO-7; b=2'), 'wanted')).toBe(
      '/orders?q=PO-7',
    );
  });

  test('of any text is read without an error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary-ascii' }).map((text) => text.replace(/[^ -~]/g, '')),
        (text) => {
          const headers = withCookie(text);
          readSession(headers);
          readRememberedLink(headers);
        },
      ),
    );
  });
});

describe("the session's cookies", () => {
  test('come back as what was set', () => {
    const secret = mintSessionSecret();
    const set = sessionCookies(secret, 'ACME01', LINK_ID);
    const headers = withCookie(set.map((cookie) => cookie.split(';')[0]).join('; '));
    expect(readSession(headers)).toBe(secret);
    expect(readRememberedLink(headers)).toEqual({ orgCode: 'ACME01', linkId: LINK_ID });
  });

  test('are bound to this host, hidden from scripts and from other sites, and end in time', () => {
    const [session, link] = sessionCookies(mintSessionSecret(), 'ACME01', LINK_ID);
    for (const cookie of [session, link, endedSessionCookie()]) {
      const [name, ...attributes] = (cookie ?? '').split('; ');
      expect(name).toMatch(/^__Host-/);
      expect(attributes).toEqual([
        'Path=/',
        'Secure',
        'HttpOnly',
        'SameSite=Lax',
        expect.stringMatching(/^Max-Age=\d+$/),
      ]);
    }
    expect(session).toContain('Max-Age=43200');
    expect(endedSessionCookie()).toMatch(/^__Host-counterfoil=; .*Max-Age=0$/);
  });

  test('of a wrong shape are none', () => {
    const secret = mintSessionSecret();
    for (const value of ['', secret.slice(1), `${secret}a`, `${secret.slice(1)}-`, '"x"']) {
      expect(readSession(withCookie(`__Host-counterfoil=${value}`))).toBeNull();
    }
    expect(readSession(withCookie(`counterfoil=${secret}`))).toBeNull();
    for (const value of [
      LINK_ID,
      `ACME01.${LINK_ID}x`,
      `ACME0.${LINK_ID}`,
      `ACME01.${LINK_ID.toUpperCase()}`,
      'ACME01.',
    ]) {
      expect(readRememberedLink(withCookie(`__Host-counterfoil-link=${value}`))).toBeNull();
    }
  });
});
