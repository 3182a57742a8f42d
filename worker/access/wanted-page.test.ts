import { describe, expect, it } from 'vitest';
import { reachedPageCookie, readWantedPage, wantedPage, wantedPageCookie } from './wanted-page.ts';

const ORDER = '/orders/0198c0de-0000-7000-8000-000000000001';
const headersWith = (cookie: string) => new Headers({ Cookie: cookie });

describe('wantedPage', () => {
  it.each(['/', '/orders', '/documents', '/help', '/details', ORDER])('keeps %s', (page) => {
    expect(wantedPage(page)).toBe(page);
  });

  it.each([
    '',
    '//',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%2Fevil.example',
    '/%5Cevil.example',
    '/%09/evil.example',
    '/\t/evil.example',
    '/\r\nLocation: https://evil.example',
    'https://evil.example',
    'https://evil.example/orders',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/@evil.example',
    '/.evil.example',
    '/orders/..',
    '/orders/../../admin',
    '/orders/%2e%2e/admin',
    '/orders//evil.example',
    '/orders/',
    '/orders?status=all',
    '/orders#top',
    `${ORDER}/`,
    `${ORDER}//evil.example`,
    `${ORDER}?to=//evil.example`,
    `${ORDER}\n`,
    ORDER.toUpperCase(),
    '/orders/------------------------------------',
    '/admin',
    '/customer/cfl01_abc',
    '/api/portal/customer/me/home',
    '/ help',
    '/help;path=/',
    ' /help',
    '/help ',
  ])('refuses %j', (page) => {
    expect(wantedPage(page)).toBeNull();
  });
});

describe('the cookie', () => {
  it('is of this host only, hidden from scripts, and kept for an hour', () => {
    const cookie = wantedPageCookie(ORDER);
    expect(cookie.split('; ')).toEqual([
      `__Host-counterfoil-wanted=${ORDER}`,
      'Path=/',
      'Secure',
      'HttpOnly',
      'SameSite=Lax',
      'Max-Age=3600',
    ]);
    expect(reachedPageCookie()).toMatch(/^__Host-counterfoil-wanted=; .*Max-Age=0$/);
  });

  it('gives back the page that was put in, and none that somebody else did', () => {
    const [pair = ''] = wantedPageCookie(ORDER).split(';');
    expect(readWantedPage(headersWith(`locale=pl; ${pair}`))).toBe(ORDER);
    expect(readWantedPage(headersWith('locale=pl'))).toBeNull();
    for (const made of ['//evil.example', '/%2Fevil.example', 'https://evil.example', '']) {
      expect(readWantedPage(headersWith(`__Host-counterfoil-wanted=${made}`))).toBeNull();
    }
  });
});
