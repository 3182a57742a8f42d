/** A visit: it goes on when asked, ends when it must, and comes back to the page that was wanted. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { hashSecret } from '../../access/tokens.ts';
import { PORTAL_PAGES } from '../../vocabulary.ts';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderRows,
  publish,
} from '../cast.ts';
import { type Customer, customerClient, openLink, postLanding } from '../clients.ts';
import { mailsTo } from '../mailbox.ts';
import { openPreview } from '../previews.ts';
import { settle } from '../rows-of.ts';
import { CONSOLE, PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org, 'Anna & Sons'), ...orderRows('ANNA', 'V1')]);
  await settle(stack, [org.id]);
});

const opened = async () => {
  const link = await makeLink(stack, org, 'ANNA');
  return { link, customer: await openLink(stack, link.url) };
};
const secretOf = ({ cookie }: Customer) =>
  /__Host-counterfoil=([0-9A-Za-z]{43})/.exec(cookie)?.[1] ?? '';
const age = async (customer: Customer, column: 'created_at' | 'last_seen_at', by: string) => {
  const aged = await stack.sql(
    `update staff.sessions set ${column} = ${column} - $2::interval where secret_hash = $1::bytea returning id`,
    [await hashSecret(secretOf(customer)), by],
  );
  expect(aged).toHaveLength(1);
};
const stay = async (cookie: string, more: Record<string, string> = {}) => {
  const response = await stack.fetch(`${PORTAL}/api/portal/session/renewal`, {
    method: 'POST',
    headers: {
      Cookie: cookie,
      Origin: PORTAL,
      'Sec-Fetch-Site': 'same-origin',
      'CF-Connecting-IP': '203.0.113.61',
      ...more,
    },
  });
  const body = (await response.json()) as { secondsLeft?: number; error?: { code: string } };
  return { status: response.status, body, headers: response.headers };
};
const countOf = async (linkId: string) => {
  const [row] = await stack.sql<{ count: number }>(
    'select hour_count::int as count from staff.access_links where id = $1',
    [linkId],
  );
  return Number(row?.count);
};

describe('“stay signed in”', () => {
  test('begins the 30 minutes anew and is not counted', async () => {
    const { link, customer } = await opened();
    await age(customer, 'last_seen_at', '29 minutes 50 seconds');
    const before = await countOf(link.id);
    const stayed = await stay(customer.cookie);
    expect(stayed.status).toBe(200);
    expect(stayed.body.secondsLeft).toBeGreaterThan(11.9 * 3600);
    expect(stayed.body.secondsLeft).toBeLessThanOrEqual(12 * 3600);
    expect(stayed.headers.has('RateLimit')).toBe(false);
    await age(customer, 'last_seen_at', '29 minutes 50 seconds');
    expect((await stay(customer.cookie)).status).toBe(200);
    expect(await countOf(link.id)).toBe(before);
    expect((await customer.me('home')).status).toBe(200);
    expect(await countOf(link.id)).toBe(before + 1);
  });

  test('works when the link is used up for this hour, which a page does not', async () => {
    const { link, customer } = await opened();
    await stack.sql('update staff.access_links set hour_count = 100000 where id = $1', [link.id]);
    expect((await customer.me('home')).status).toBe(429);
    expect((await stay(customer.cookie)).status).toBe(200);
    const page = await customer.page('/orders');
    expect(page.status).toBe(429);
    // It loads itself again when the hour is over.
    expect(page.headers.get('Refresh')).toBe(page.headers.get('Retry-After'));
  });

  test('is refused after the end: idle, 12 hours, signed out, revoked', async () => {
    const ended: Record<string, (one: Awaited<ReturnType<typeof opened>>) => Promise<unknown>> = {
      idle: ({ customer }) => age(customer, 'last_seen_at', '30 minutes'),
      old: ({ customer }) => age(customer, 'created_at', '12 hours'),
      out: ({ customer }) => customer.signOut(),
      revoked: ({ link }) => org.clerk.post(`links/${link.id}/revocation`),
    };
    for (const [how, end] of Object.entries(ended)) {
      const one = await opened();
      await end(one);
      const refused = await stay(one.customer.cookie);
      expect([how, refused.status, refused.body.error?.code]).toEqual([
        how,
        401,
        'session_expired',
      ]);
      expect((await one.customer.me('home')).status, how).toBe(401);
    }
    expect((await stay('')).status).toBe(401);
  });

  test('does not outlast the 12 hours, and says how long there is', async () => {
    const { customer } = await opened();
    await age(customer, 'created_at', '11 hours 50 minutes');
    const { body } = await stay(customer.cookie);
    expect(body.secondsLeft).toBeGreaterThan(590 - 30);
    expect(body.secondsLeft).toBeLessThanOrEqual(600);
    const home = await customer.me<{ session: { secondsLeft: number } }>('home');
    expect(home.body.session.secondsLeft).toBeLessThanOrEqual(600);
  });

  test('is not asked by another site, nor by a preview', async () => {
    const { customer } = await opened();
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    expect((await stay(customer.cookie, foreign)).status).toBe(403);
    const { contactId } = await contactOf(stack, org, 'ANNA');
    const { customer: looking } = await openPreview(stack, org.clerk, contactId);
    expect(await stay(looking.cookie)).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    });
  });
});

describe('the page that was wanted', () => {
  const cookiesOf = (response: Response) =>
    response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const orderPath = async (customer: Customer) => {
    const { body } = await customer.me<{ orders: { id: string }[] }>('home');
    return `/orders/${body.orders[0]?.id}`;
  };
  /** The exchange, by a browser that has these cookies. */
  const exchange = (url: string, cookie: string, to = '/') =>
    stack.fetch(url, {
      method: 'POST',
      headers: {
        Cookie: cookie,
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/x-www-form-urlencoded',
        'CF-Connecting-IP': '203.0.113.62',
      },
      body: new URLSearchParams({ to }).toString(),
    });

  test('is where one lands, by way of the kind page, a letter and its button', async () => {
    const { customer } = await opened();
    const order = await orderPath(customer);
    await age(customer, 'last_seen_at', '30 minutes');
    const kind = await customer.page(order);
    expect(kind.status).toBe(401);
    const text = await kind.text();
    expect(text).toContain('Anna &amp; Sons');
    expect(text).toContain('name="link" value="remembered"');
    expect(text).toContain('You then come back to the page that you asked for.');
    const [wanted = ''] = cookiesOf(kind);
    expect(wanted).toBe(`__Host-counterfoil-wanted=${order}`);
    const browser = `${customer.cookie}; ${wanted}`;

    const address = `anna@${org.slug}.customer.example`;
    const before = mailsTo(stack, address).length;
    const asked = await stack.fetch(`${PORTAL}/api/portal/link-requests`, {
      method: 'POST',
      headers: {
        Cookie: browser,
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/x-www-form-urlencoded',
        'CF-Connecting-IP': '203.0.113.63',
      },
      body: new URLSearchParams({ org: org.code, link: 'remembered' }).toString(),
    });
    expect(asked.status).toBe(202);
    await stack.minute();
    const [mail] = await vi.waitFor(() => {
      const mails = mailsTo(stack, address);
      expect(mails).toHaveLength(before + 1);
      return mails;
    }, 10_000);
    const url = /http:\/\/portal\.test\/customer\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    const landed = await exchange(url, browser);
    expect(landed.status).toBe(303);
    expect(landed.headers.get('Location')).toBe(order);
    const cookies = cookiesOf(landed);
    expect(cookies).toContain('__Host-counterfoil-wanted=');
    const inside = customerClient(stack, cookies.filter((one) => !one.endsWith('=')).join('; '));
    expect((await inside.page(order)).status).toBe(200);
  });

  test('is any page of the portal, asked for the same', async () => {
    const { link } = await opened();
    const nobody = customerClient(stack, '');
    const id = '01900000-0000-7000-8000-000000000000';
    const pages = PORTAL_PAGES.filter((page) => page !== '/').map((page) =>
      page.replace(':id', id),
    );
    const asked = ['/orders?q=PO-7&status=shipped', `/orders/${id}/report?lines=3`];
    for (const page of [...pages, ...asked]) {
      const [wanted = ''] = cookiesOf(await nobody.page(page));
      const landed = await exchange(link.url, wanted);
      expect(landed.headers.get('Location')).toBe(page);
    }
    const [wanted] = cookiesOf(await nobody.page('/orders?q=PO-7&next=https://evil.example'));
    expect(wanted).toBe('__Host-counterfoil-wanted=/orders?q=PO-7');
  });

  test("is the portal's alone: on the console's host there is none of them", async () => {
    const { customer } = await opened();
    for (const page of PORTAL_PAGES) {
      const { status } = await stack.fetch(`${CONSOLE}${page}`, {
        headers: { Cookie: customer.cookie },
      });
      expect(status, page).toBe(404);
    }
  });

  test('gives way to the page that a letter names', async () => {
    const { link, customer } = await opened();
    const order = await orderPath(customer);
    const landed = await exchange(link.url, '__Host-counterfoil-wanted=/documents', order);
    expect(landed.headers.get('Location')).toBe(order);
  });

  test.each([
    '//evil.example',
    '/%2Fevil.example',
    '/%5Cevil.example',
    '/\\evil.example',
    'https://evil.example',
    '/orders/../admin',
    '/orders?q=%0D%0ALocation:%20https://evil.example',
    '/orders?next=https://evil.example',
    '/admin',
  ])('is none of ours as %s: one lands on the first page', async (made) => {
    const { link } = await opened();
    const landed = await exchange(link.url, `__Host-counterfoil-wanted=${made}`, made);
    expect(landed.status).toBe(303);
    expect(landed.headers.get('Location')).toBe('/');
  });

  test('is kept for pages alone: not for a file, not for the first page, not for a program', async () => {
    const nobody = customerClient(stack, '');
    expect(cookiesOf(await nobody.page('/help'))).toEqual(['__Host-counterfoil-wanted=/help']);
    for (const path of ['/', '/api/portal/customer/me/home', '//evil.example', '/nowhere']) {
      expect(cookiesOf(await nobody.page(path)), path).toEqual([]);
    }
  });

  test('leaves nothing behind for who was not kept out', async () => {
    const { link } = await opened();
    const landed = await postLanding(stack, link.url, { to: '/documents' });
    expect(landed.headers.get('Location')).toBe('/documents');
    expect(cookiesOf(landed)).toHaveLength(2);
  });
});

test('the help page shows whom to ask, to those who are let in', async () => {
  const { customer } = await opened();
  const page = await customer.page('/help');
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('"resources":{"help":{"org":');
  const { contactId } = await contactOf(stack, org, 'ANNA');
  const events = await stack.sql(
    "select from audit.events where contact_id = $1 and action = 'help.viewed'",
    [contactId],
  );
  expect(events).toHaveLength(1);
});
