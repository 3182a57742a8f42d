import { beforeAll, describe, expect, test } from 'vitest';
import {
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { type Customer, customerClient, openLink, postLanding } from '../clients.ts';
import { CONSOLE, PORTAL, type Stack, useStack } from '../stack.ts';

const HOSTILE = '</script><script>alert(1)</script><!--<script>\u2028"\'&';

let stack: Stack;
let org: Org;
let url: string;
let customer: Customer;
let orderId: string;
let documentId: string;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack, 'Tom & <b>Jerry</b> "Ltd"');
  await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'H1')], orderFiles('H1'));
  // By hand: an import would tidy the line separator away.
  await stack.sql('update portal.customers set name = $2 where org_id = $1', [org.id, HOSTILE]);
  await stack.sql('update portal.contacts set name = $2 where org_id = $1', [org.id, HOSTILE]);
  const settings = await org.owner.get<Record<string, unknown>>('settings');
  await org.owner.put('settings', { ...settings.body, contactHours: HOSTILE, colour: '#AA0044' });
  ({ url } = await makeLink(stack, org, 'ANNA'));
  customer = await openLink(stack, url);
  const { body } = await customer.me<{ orders: { id: string }[]; documents: { id: string }[] }>(
    'home',
  );
  orderId = body.orders[0]?.id ?? '';
  documentId = body.documents[0]?.id ?? '';
});

const EVERYWHERE = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
};
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data: blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const headersOf = (response: Response) => Object.fromEntries(response.headers);
/** Every feature that a page could ask a person's device for. */
const FEATURES = [
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];
const expectNoFeatures = (response: Response) => {
  const policy = response.headers.get('Permissions-Policy') ?? '';
  for (const feature of FEATURES) {
    expect(policy.split(', ')).toContain(`${feature}=()`);
  }
  expect(policy).not.toMatch(/\*|self/);
};

describe('a page', () => {
  test.each(['/', '/orders/'])('of the portal (%s) runs only its own scripts', async (path) => {
    const response = await customer.page(path === '/' ? path : path + orderId);
    expect(response.status).toBe(200);
    expect(headersOf(response)).toMatchObject({
      ...EVERYWHERE,
      'content-type': expect.stringMatching(/^text\/html; charset=utf-8$/i),
      'content-security-policy': `${POLICY}; script-src 'self'; frame-src 'self'; connect-src 'self' ws://portal.test`,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, noarchive',
    });
    expectNoFeatures(response);
    const text = await response.text();
    const scripts = [...text.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts.length).toBeGreaterThan(0);
    for (const attributes of scripts) {
      expect(attributes).toMatch(/src="\/assets\/|type="application\/json"/);
    }
    expect(text).not.toMatch(/<style|\sstyle="|\son\w+="/);
  });

  test('that the Worker draws itself runs none at all', async () => {
    const staff = { 'Cf-Access-Jwt-Assertion': 'forged' };
    const pages: [status: number, Promise<Response>][] = [
      [200, stack.fetch(url)],
      [401, postLanding(stack, `${url.slice(0, -1)}!`)],
      [401, customerClient(stack, '').page('/')],
      [401, customerClient(stack, customer.cookie.split('; ')[1] ?? '').page('/')],
      [404, customer.page('/orders/7')],
      [404, customer.page('/nothing')],
      [401, stack.fetch(`${CONSOLE}/admin`)],
      [403, stack.fetch(`${CONSOLE}/admin/x`, { headers: staff })],
    ];
    for (const [status, page] of pages) {
      const response = await page;
      expect([response.url, response.status]).toEqual([response.url, status]);
      expect(headersOf(response)).toMatchObject({
        ...EVERYWHERE,
        'content-security-policy': POLICY,
        'referrer-policy': 'strict-origin',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, noarchive',
      });
      expectNoFeatures(response);
      expect(await response.text()).not.toMatch(/<script|<b>|<style|\sstyle=/);
    }
  });

  test('carries hostile names as text, and nothing breaks out of its data', async () => {
    for (const [path, key] of [
      ['/', 'home'],
      [`/orders/${orderId}`, `orders/${orderId}`],
    ] as const) {
      const text = await (await customer.page(path)).text();
      const inlined = /<script type="application\/json" id="page">([\s\S]*?)<\/script/.exec(
        text,
      )?.[1];
      expect(inlined).not.toMatch(/[<\u2028\u2029]/);
      const page = JSON.parse(inlined ?? '') as {
        resources: Record<string, { customer: { name: string }; contact: { name: string } }>;
      };
      expect(page.resources[key]?.customer.name).toBe(HOSTILE);
      expect(page.resources[key]?.contact.name).toBe(HOSTILE);
      expect(text.split('alert(1)')).toHaveLength(inlined?.split('alert(1)').length ?? 0);
    }
    await customer.signOut();
    const signedOut = await (await customer.page('/')).text();
    expect(signedOut).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
    expect(signedOut).toContain('Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;');
    customer = await openLink(stack, url);
  });
});

describe('an answer of the API', () => {
  test('is never kept, sniffed, or shown as a page', async () => {
    const staff = { headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token } };
    const answers: [status: number, Promise<Response>][] = [
      [200, customer.page('/api/portal/customer/me/home')],
      [200, customer.page('/api/portal/customer/me/orders')],
      [404, customer.page('/api/portal/customer/me/orders/7')],
      [401, customerClient(stack, '').page('/api/portal/customer/me/home')],
      [200, stack.fetch(`${CONSOLE}/api/admin/${org.slug}/me`, staff)],
      [200, stack.fetch(`${CONSOLE}/api/admin/${org.slug}/audit`, staff)],
      [401, stack.fetch(`${CONSOLE}/api/admin/${org.slug}/me`)],
      [404, stack.fetch(`${CONSOLE}/api/nothing`)],
    ];
    for (const [status, answer] of answers) {
      const response = await answer;
      expect(response.status).toBe(status);
      expect(headersOf(response)).toMatchObject({
        ...EVERYWHERE,
        'content-type': expect.stringMatching(/^application\/json/),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(response.headers.has('Access-Control-Allow-Origin')).toBe(false);
      expectNoFeatures(response);
      const body = (await response.json()) as { error?: { requestId: string } };
      if (body.error) {
        expect(body.error.requestId).toBe(response.headers.get('X-Request-Id'));
      }
    }
  });

  test('that is a document is private, and does nothing by itself', async () => {
    for (const [query, policy] of [
      ['', "default-src 'none'; sandbox; frame-ancestors 'none'"],
      ['?disposition=inline', "default-src 'none'; frame-ancestors 'self'"],
    ]) {
      const response = await customer.bytes(`documents/${documentId}${query}`);
      expect(response.status).toBe(200);
      expect(headersOf(response)).toMatchObject({
        ...EVERYWHERE,
        'content-type': 'application/pdf',
        'cache-control': 'private, no-store',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': policy,
        'content-disposition': expect.stringMatching(query === '' ? /^attachment; / : /^inline; /),
      });
      await response.arrayBuffer();
    }
  });

  test('that is a brand may be kept, and is only its colour', async () => {
    const response = await stack.fetch(`${PORTAL}/brand/${org.code}/accent.css`);
    expect(headersOf(response)).toMatchObject({
      ...EVERYWHERE,
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=300',
    });
    expect(await response.text()).toMatch(/^:root\{--accent:#aa0044(;--[a-z-]+:#[0-9a-f]{6})*\}$/);
  });
});
