import { beforeAll, describe, expect, test, vi } from 'vitest';
import { hashSecret, mintSessionSecret } from '../../access/tokens.ts';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderRows,
  publish,
  setSettings,
} from '../cast.ts';
import { type Customer, customerClient, openLink } from '../clients.ts';
import { mailsTo } from '../mailbox.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let other: Org;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  await publish(org, [
    customerRow('ANNA', org, 'Anna & Sons'),
    customerRow('BO', org),
    ...orderRows('ANNA', 'S1').slice(0, 1),
  ]);
  await publish(other, [customerRow('CARL', other)]);
  // The letters about the publishes go first, so that what a test finds is what it asked for.
  await stack.minute();
});

const secretOf = (customer: Customer) =>
  /__Host-counterfoil=([0-9A-Za-z]{43})/.exec(customer.cookie)?.[1] ?? '';
const linkCookieOf = (customer: Customer) =>
  /__Host-counterfoil-link=[^;]+/.exec(customer.cookie)?.[0] ?? '';
const opened = async (code = 'ANNA') => {
  const link = await makeLink(stack, org, code);
  return { link, customer: await openLink(stack, link.url) };
};
/** Moves a session back in time. */
const age = async (customer: Customer, column: 'created_at' | 'last_seen_at', by: string) => {
  const aged = await stack.sql(
    `update staff.sessions set ${column} = ${column} - $2::interval where secret_hash = $1::bytea returning id`,
    [await hashSecret(secretOf(customer)), by],
  );
  expect(aged).toHaveLength(1);
};
const answers = async (customer: Customer, path = 'home') => {
  const { status, body } = await customer.me<{ error?: { code: string } }>(path);
  return status === 200 ? 200 : `${status} ${body.error?.code}`;
};

describe('a session', () => {
  test('ends after 30 minutes without a request, and each request begins them anew', async () => {
    const { customer } = await opened();
    await age(customer, 'last_seen_at', '29 minutes 50 seconds');
    expect(await answers(customer)).toBe(200);
    await age(customer, 'last_seen_at', '29 minutes 50 seconds');
    expect(await answers(customer)).toBe(200);
    await age(customer, 'last_seen_at', '30 minutes');
    expect(await answers(customer)).toBe('401 session_expired');
    expect(await answers(customer)).toBe('401 session_expired');
  });

  test('ends after 12 hours, however busy', async () => {
    const { customer } = await opened();
    await age(customer, 'created_at', '11 hours 59 minutes');
    expect(await answers(customer)).toBe(200);
    await age(customer, 'created_at', '1 minute');
    expect(await answers(customer)).toBe('401 session_expired');
  });

  test('ends with the next request after its link was revoked, and no other link does', async () => {
    const { link, customer } = await opened();
    const same = await openLink(stack, link.url);
    const { customer: another } = await opened();
    expect((await org.clerk.post(`links/${link.id}/revocation`)).status).toBe(200);
    for (const path of ['home', 'orders', 'orders/0198c0de-0000-7000-8000-000000000001']) {
      expect(await answers(customer, path)).toBe('401 session_expired');
    }
    expect(await answers(same)).toBe('401 session_expired');
    expect(await answers(another)).toBe(200);
  });

  test('and every link of a person ends when their access is paused or ended', async () => {
    const sessions = [(await opened('BO')).customer, (await opened('BO')).customer];
    const { customer: bystander } = await opened('ANNA');
    const { contactId } = await contactOf(stack, org, 'BO');
    for (const access of ['paused', 'ended']) {
      await org.clerk.put(`contacts/${contactId}/access`, { access });
      for (const session of sessions) {
        expect(await answers(session)).toBe('401 session_expired');
      }
      expect(await answers(bystander)).toBe(200);
      await org.clerk.put(`contacts/${contactId}/access`, { access: 'allowed' });
    }
    // A pause is lifted; an end is not, though the person may be given a new link.
    for (const session of sessions) {
      expect(await answers(session)).toBe('401 session_expired');
    }
    const { link } = await opened('BO');
    const ending = await org.clerk.post(`links/${link.id}/revocation`, { endAccess: true });
    expect(ending.status).toBe(200);
    expect(await answers(sessions[0] as Customer)).toBe('401 session_expired');
    await expect(makeLink(stack, org, 'BO')).rejects.toThrow('contact_not_allowed');
    const events = await stack.sql(
      "select from audit.events where org_id = $1 and action = 'request.refused' and detail->>'code' = 'session_expired' and contact_id = $2",
      [org.id, contactId],
    );
    expect(events).toHaveLength(7);
  });

  test('that somebody made up is no session, nor is none', async () => {
    expect(await answers(customerClient(stack, ''))).toBe('401 session_expired');
    const made = customerClient(stack, `__Host-counterfoil=${mintSessionSecret()}`);
    expect(await answers(made)).toBe('401 link_invalid');
    // A job that an earlier request set going asks too.
    const asked = stack.database.requests('counterfoil_customer');
    expect(await answers(customerClient(stack, "__Host-counterfoil=' or 1=1"))).toBe(
      '401 session_expired',
    );
    expect(stack.database.requests('counterfoil_customer')).toBe(asked);
    const mangled = await stack.fetch(`${PORTAL}/api/portal/customer/not-a-token/home`);
    expect(mangled.status).toBe(401);
    expect(await mangled.json()).toMatchObject({ error: { code: 'link_invalid' } });
    expect(stack.database.requests('counterfoil_customer')).toBe(asked);
  });
});

describe('signing out', () => {
  test('ends this session and no other of the link', async () => {
    const { link, customer } = await opened();
    const elsewhere = await openLink(stack, link.url);
    const response = await customer.signOut();
    expect(response.status).toBe(204);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-counterfoil=; .*Secure.*Max-Age=0$/);
    expect(await answers(customer)).toBe('401 session_expired');
    expect(await answers(elsewhere)).toBe(200);
    expect((await customer.signOut()).status).toBe(204);
    expect(await answers(await openLink(stack, link.url))).toBe(200);
  });

  test('is not done by another site', async () => {
    const { customer } = await opened();
    const response = await stack.fetch(`${PORTAL}/api/portal/session`, {
      method: 'DELETE',
      headers: { Cookie: customer.cookie, Origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'origin_refused' } });
    expect(await answers(customer)).toBe(200);
  });
});

describe('the signed-out page', () => {
  const askAgain = (cookie: string, orgCode: string) =>
    stack.fetch(`${PORTAL}/api/portal/link-requests`, {
      method: 'POST',
      headers: {
        Cookie: cookie,
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/x-www-form-urlencoded',
        'CF-Connecting-IP': '203.0.113.77',
      },
      body: new URLSearchParams({ org: orgCode, link: 'remembered' }).toString(),
    });

  test('says whose link it was and until when it works, and sends a new one', async () => {
    const { customer } = await opened();
    await customer.signOut();
    const page = await customerClient(stack, linkCookieOf(customer)).page('/');
    expect(page.status).toBe(401);
    const text = await page.text();
    expect(text).toContain('You are signed out');
    expect(text).toContain('This was the link of Contact of ANNA, Anna &amp; Sons.');
    const until = new Date(Date.now() + 90 * 86_400_000).toLocaleDateString('en', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    });
    expect(text).toContain(`The link in your mail works until ${until}.`);
    expect(text).not.toContain(`anna@${org.slug}`);
    expect(text).not.toContain('SO-S1');
    expect(text).toContain('name="link" value="remembered"');

    const address = `anna@${org.slug}.customer.example`;
    const before = mailsTo(stack, address).length;
    const sent = await askAgain(linkCookieOf(customer), org.code);
    expect(sent.status).toBe(202);
    expect(await sent.text()).toContain('Look in your mail');
    await stack.minute();
    const [mail] = await vi.waitFor(() => {
      const mails = mailsTo(stack, address);
      expect(mails).toHaveLength(before + 1);
      return mails;
    }, 10_000);
    const url = /http:\/\/portal\.test\/customer\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(await answers(await openLink(stack, url))).toBe(200);
  });

  test('names the same day as the portal did: that of the supplier', async () => {
    await setSettings(other, { timeZone: 'Pacific/Kiritimati' });
    const link = await makeLink(stack, other, 'CARL');
    const customer = await openLink(stack, link.url);
    const [noon] = await stack.sql<{ next: string }>(
      `update staff.access_links set expires_at = (current_date + 60 + time '12:00') at time zone 'UTC' where id = $1
       returning (current_date + 61)::text as next`,
      [link.id],
    );
    const next = noon?.next ?? '';
    const { body } = await customer.me<{ link: { lastDay: string } }>('home');
    expect(body.link.lastDay).toBe(next);
    await customer.signOut();
    const text = await (await customer.page('/')).text();
    const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
    expect(text).toContain(`works until ${new Date(next).toLocaleDateString('en', options)}.`);
  });

  test('is the same at the address of an order, without the order', async () => {
    const { customer } = await opened();
    await customer.signOut();
    const page = await customer.page('/orders/0198c0de-0000-7000-8000-000000000001');
    expect(page.status).toBe(401);
    expect(await page.text()).toContain('This was the link of Contact of ANNA');
  });

  test('offers the form, and no date, once the link has ended', async () => {
    const { link, customer } = await opened();
    await org.clerk.post(`links/${link.id}/revocation`);
    const text = await (await customer.page('/')).text();
    expect(text).toContain('You are signed out');
    expect(text).not.toContain('works until');
    expect(text).toContain('name="customer"');
  });

  test('names nobody to a browser that never opened a link', async () => {
    const page = await customerClient(stack, '').page('/');
    expect(page.status).toBe(401);
    const text = await page.text();
    expect(text).toContain('Open the link from your mail');
    expect(text).not.toContain('<form');
  });

  test('sends nothing for a link of another supplier, or for a cookie that somebody made up', async () => {
    const [carl] = await Promise.all([makeLink(stack, other, 'CARL')]);
    const carls = await openLink(stack, carl.url);
    // Letters of other suppliers may go out beside these.
    const sent = () =>
      stack.mail
        .mails()
        .filter(({ to }) =>
          [org, other].some(({ slug }) => to.some((address) => address.includes(`@${slug}.`))),
        ).length;
    const before = sent();
    const queued = () =>
      stack.sql("select id from staff.outbox where event like 'link.requested/%'");
    const rows = await queued();
    for (const cookie of [
      linkCookieOf(carls),
      `__Host-counterfoil-link=${org.code}.0198c0de-0000-7000-8000-000000000001`,
      `__Host-counterfoil-link=${org.code}.' or true`,
      '',
    ]) {
      const response = await askAgain(cookie, org.code);
      expect(response.status).toBe(202);
      expect(await response.text()).toContain('Look in your mail');
    }
    await stack.minute();
    expect(await queued()).toEqual(rows);
    expect(sent()).toBe(before);
  });
});
