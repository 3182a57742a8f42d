import { describe, expect, it } from 'vitest';
import { PORTAL_PAGES } from '../vocabulary.ts';
import {
  plainPage,
  reachedPageCookie,
  readWantedPage,
  wantedPage,
  wantedPageCookie,
} from './wanted-page.ts';

const ID = '0198c0de-0000-7000-8000-000000000001';
const ORDER = `/orders/${ID}`;
const headersWith = (cookie: string) => new Headers({ Cookie: cookie });

describe('wantedPage', () => {
  it.each(PORTAL_PAGES.map((page) => page.replace(':id', ID)))('keeps %s', (page) => {
    expect(wantedPage(page)).toBe(page);
  });

  it.each([
    '/orders?status=all',
    '/orders?q=PO-7&status=shipped',
    '/invoices?q=FV%2F12%2F2026&from=2026-01-01&to=2026-01-31',
    `${ORDER}/report?lines=3`,
    `${ORDER}?document=${ID}`,
  ])('keeps what %s asks for', (page) => {
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
    '/orders?',
    '/orders?status=shipped&status=all',
    '/orders?status=SHIPPED',
    '/orders?next=1',
    '/orders?to=https:evil.example',
    '/orders?from=yesterday',
    '/orders?q=%0D%0ASet-Cookie:+a=b',
    '/orders?q=<script>',
    '/orders?q=%2F%2Fevil.example',
    '/orders?q=a;b',
    `/orders?q=${'7'.repeat(101)}`,
    '/orders?__proto__=x',
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

describe('plainPage', () => {
  const plain = (address: string) => plainPage(new URL(address, 'https://portal.example'));

  it('keeps the plain part of what was asked for', () => {
    expect(plain('/orders?q=PO-7&status=shipped')).toBe('/orders?q=PO-7&status=shipped');
    expect(plain('/orders?q=PO-7&next=//evil.example&sort=total')).toBe(
      '/orders?q=PO-7&sort=total',
    );
    expect(plain(`${ORDER}/report?lines=3,4#top`)).toBe(`${ORDER}/report?lines=3%2C4`);
    expect(plain('/invoices?q=Łódź 7')).toBe('/invoices?q=%C5%81%C3%B3d%C5%BA+7');
    expect(plain('/orders?q=%0D%0ALocation:x')).toBe('/orders');
  });

  it.each(['/admin', '/nowhere?q=PO-7', '//evil.example/orders', `${ORDER}/x`])(
    'is none for %s',
    (address) => {
      expect(plain(`https://portal.example${address}`)).toBeNull();
    },
  );

  it('gives nothing that a link would not take', () => {
    for (const address of [
      '/orders?q=PO-7&status=shipped',
      `${ORDER}/report?lines=3,4`,
      '/invoices?q=Łódź 7',
    ]) {
      const kept = plain(address) ?? '';
      expect(wantedPage(kept)).toBe(kept);
      const [pair = ''] = wantedPageCookie(kept).split(';');
      expect(readWantedPage(headersWith(pair))).toBe(kept);
    }
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
