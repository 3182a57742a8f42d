/** A member sees the portal as a contact does: it is their look, not the customer's. */
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashSecret } from '../../access/tokens.ts';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { openLink, postLanding, type Staff } from '../clients.ts';
import { stampOn, storedDocument } from '../copies.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

type Begun = {
  preview: { id: string; contactId: string; customerId: string; expiresAt: string };
  url: string;
  error?: { code: string };
};
type Visit = { link: { scope: string; isPreview: boolean; expiresAt: string } };
type Event = {
  action: string;
  actorKind: string;
  name: string | null;
  customerId: string | null;
  contactId: string | null;
  subject: string | null;
  detail: Record<string, unknown>;
};

let stack: Stack;
let org: Org;
let contactId: string;
let customerId: string;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(
    org,
    [customerRow('ANNA', org), customerRow('BO', org), ...orderRows('ANNA', 'P1')],
    orderFiles('P1'),
  );
  ({ contactId, customerId } = await contactOf(stack, org, 'ANNA'));
});

const begin = (as: Staff = org.clerk, contact = contactId) =>
  as.post<Begun>('previews', { contactId: contact });
async function preview(as: Staff = org.clerk) {
  const { body } = await begin(as);
  return { ...body, customer: await openLink(stack, body.url) };
}
const eventsSince = async (at: string) =>
  stack.sql<Event>(
    `select e.action, e.actor_kind as "actorKind", m.name, e.customer_id as "customerId", e.contact_id as "contactId",
            e.subject_kind || ':' || e.subject_id as subject, e.detail
       from audit.events e left join staff.members m on m.id = e.actor_id
      where e.org_id = $1 and e.at > $2::timestamptz order by e.at, e.id`,
    [org.id, at],
  );
async function now() {
  const [row] = await stack.sql<{ at: string }>('select clock_timestamp()::text as at');
  return row?.at ?? '';
}
const sql = async <T extends Record<string, unknown>>(query: string, params: unknown[]) =>
  (await stack.sql<T>(query, params))[0];

describe('a preview', () => {
  test('is begun by every role but a machine, and only for a contact of their own org', async () => {
    for (const person of [org.clerk, org.approver, org.owner]) {
      const { status, body } = await begin(person);
      expect(status).toBe(201);
      expect(body.url).toMatch(`${PORTAL}/customer/cfl01_${org.code}_`);
      expect(body.preview).toMatchObject({ contactId, customerId });
      const left = Date.parse(body.preview.expiresAt) - Date.now();
      expect(Math.round(left / 60_000)).toBe(10);
    }
    expect((await begin(org.service)).body.error?.code).toBe('forbidden');
    const unknown = await begin(org.owner, crypto.randomUUID());
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  test('is not to be had of a person whose access is paused, and ends when it is', async () => {
    const bo = await contactOf(stack, org, 'BO');
    const { body } = await begin(org.clerk, bo.contactId);
    const customer = await openLink(stack, body.url);
    expect((await customer.me('home')).status).toBe(200);
    await org.clerk.put(`contacts/${bo.contactId}/access`, { access: 'paused' });
    expect((await customer.me('home')).status).toBe(401);
    const refused = await begin(org.clerk, bo.contactId);
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { code: 'contact_not_allowed' } },
    });
    await org.clerk.put(`contacts/${bo.contactId}/access`, { access: 'allowed' });
  });

  test('is the portal itself, which says what it is, with the scope the person has', async () => {
    const bo = await contactOf(stack, org, 'BO');
    const first = await openLink(stack, (await begin(org.clerk, bo.contactId)).body.url);
    expect((await first.me<Visit>('home')).body.link).toMatchObject({
      scope: 'all',
      isPreview: true,
    });
    await makeLink(stack, org, 'BO', 'no_financials');
    const then = await openLink(stack, (await begin(org.clerk, bo.contactId)).body.url);
    expect((await then.me<Visit>('home')).body.link).toMatchObject({
      scope: 'no_financials',
      isPreview: true,
    });
    const own = await openLink(stack, (await makeLink(stack, org, 'BO')).url);
    expect((await own.me<Visit>('home')).body.link).toMatchObject({
      scope: 'all',
      isPreview: false,
    });
    for (const page of ['/', '/documents']) {
      expect(await (await then.page(page)).text()).toContain('"isPreview":true');
    }
  });

  test('opens once, and only by its button', async () => {
    const { body } = await begin();
    const path = `${PORTAL}/api/portal/customer/${body.url.split('/').at(-1)}/home`;
    expect((await stack.fetch(path)).status).toBe(401);
    expect((await stack.fetch(body.url)).status).toBe(200);
    await openLink(stack, body.url);
    expect((await postLanding(stack, body.url)).status).toBe(401);
  });

  test('ends ten minutes after it was begun, whatever was used of it, or written to its row', async () => {
    const { preview: begun, customer } = await preview();
    const age = (minutes: number) =>
      stack.sql(
        `update staff.access_links
            set created_at = created_at - make_interval(mins => $2), expires_at = expires_at - make_interval(mins => $2)
          where id = $1`,
        [begun.id, minutes],
      );
    await age(9);
    expect((await customer.me('home')).status).toBe(200);
    await age(1);
    expect((await customer.me('home')).status).toBe(401);
    await stack.sql(
      "update staff.access_links set expires_at = now() + interval '1 day' where id = $1",
      [begun.id],
    );
    expect((await customer.me('home')).status).toBe(401);
    const page = await (await customer.page('/')).text();
    expect(page).toContain('The preview is over');
    expect(page).toContain('You looked as Contact of ANNA, Customer ANNA.');
    expect(page).not.toContain('link-requests');
  });

  test('is never renewed, and asks for no new link', async () => {
    const { preview: begun, customer } = await preview();
    await stack.sql(
      "update staff.access_links set renewed_at = now() - interval '2 days' where id = $1",
      [begun.id],
    );
    const life = () =>
      sql<{ life: string }>(
        'select extract(epoch from expires_at - created_at)::int as life from staff.access_links where id = $1',
        [begun.id],
      );
    await customer.me('home');
    expect(Number((await life())?.life)).toBe(600);
    const asked = await stack.fetch(`${PORTAL}/api/portal/link-requests`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        Cookie: customer.cookie,
        'CF-Connecting-IP': '198.51.199.7',
      },
      body: new URLSearchParams({ org: org.code, link: 'remembered' }).toString(),
    });
    expect(asked.status).toBe(202);
    const letters = await stack.sql(
      "select from staff.outbox where contact_id = $1 and event like 'link.requested/%'",
      [contactId],
    );
    expect(letters).toEqual([]);
  });
});

describe('what is done in a preview', () => {
  test('is the member’s, in the trail: each look and each copy a preview, and nothing the customer’s', async () => {
    const since = await now();
    const { preview: begun, customer } = await preview(org.approver);
    const { body } = await customer.me<{ orders: { id: string }[] }>('home');
    const order = body.orders[0]?.id ?? '';
    await customer.me(`orders/${order}`);
    const { id } = await storedDocument(stack, org, 'INV-P1');
    await customer.bytes(`documents/${id}?disposition=inline`);
    await customer.bytes(`documents/${id}`);
    await customer.bytes(`orders/${order}/documents.zip`);
    const unknown = crypto.randomUUID();
    await customer.me(`orders/${unknown}`);
    await customer.signOut();
    expect((await customer.me('home')).status).toBe(401);
    const events = await eventsSince(since);
    for (const event of events) {
      expect(event).toMatchObject({
        actorKind: 'staff',
        name: 'Amir Haddad',
        customerId,
        contactId,
        detail: { link: begun.id },
      });
    }
    expect(events.map(({ action, subject, detail }) => [action, detail.did, subject])).toEqual([
      ['portal.previewed', 'link.created', `contact:${contactId}`],
      ['portal.previewed', 'link.opened', `link:${begun.id}`],
      ['portal.previewed', 'home.viewed', null],
      ['portal.previewed', 'order.viewed', `order:${order}`],
      ['portal.previewed', 'document.viewed', `document:${id}`],
      ['portal.previewed', 'document.downloaded', `document:${id}`],
      ['portal.previewed', 'document.downloaded', expect.stringMatching(/^document:/)],
      ['portal.previewed', 'document.downloaded', expect.stringMatching(/^document:/)],
      ['request.refused', undefined, `order:${unknown}`],
      ['portal.previewed', 'session.ended', expect.stringMatching(/^session:/)],
      ['request.refused', undefined, null],
    ]);
    const { body: listed } = await org.owner.get<{ events: { actor: object }[] }>(
      `audit?action=portal.previewed&customer=${customerId}`,
    );
    expect(listed.events[0]?.actor).toEqual({ kind: 'staff', name: 'Amir Haddad' });
  });

  test('leaves a copy that traces to the member: seen, downloaded, or in a ZIP', async () => {
    const { preview: begun, customer } = await preview(org.owner);
    const { id } = await storedDocument(stack, org, 'PS-P1');
    const copies = [
      await (await customer.bytes(`documents/${id}?disposition=inline`)).arrayBuffer(),
      await (await customer.bytes(`documents/${id}`)).arrayBuffer(),
    ];
    const zip = await (await customer.bytes('documents.zip')).arrayBuffer();
    copies.push(new Uint8Array(unzipSync(new Uint8Array(zip))['PS-P1.pdf'] ?? []).buffer);
    for (const copy of copies) {
      const { reference } = await stampOn(copy);
      const { body } = await org.clerk.get<{ stamp: object }>(`stamps/${reference}`);
      expect(body.stamp).toMatchObject({
        document: { number: 'PS-P1' },
        contact: { name: 'Contact of ANNA' },
        link: { id: begun.id, purpose: 'preview', previewedBy: 'Olga Berg' },
      });
    }
    const own = await openLink(stack, (await makeLink(stack, org, 'ANNA')).url);
    const { reference } = await stampOn(await (await own.bytes(`documents/${id}`)).arrayBuffer());
    const { body } = await org.clerk.get<{ stamp: object }>(`stamps/${reference}`);
    expect(body.stamp).toMatchObject({ link: { purpose: 'standing', previewedBy: null } });
  });

  test('touches no link of the customer, no last visit, and nothing of their hour', async () => {
    const link = await makeLink(stack, org, 'ANNA');
    const own = await openLink(stack, link.url);
    await own.me('home');
    const before = async () => ({
      links: await stack.sql(
        "select * from staff.access_links where contact_id = $1 and purpose <> 'preview' order by id",
        [contactId],
      ),
      listed: (await org.clerk.get('customers?q=ANNA')).body,
    });
    const untouched = await before();
    const { customer } = await preview();
    await customer.me('home');
    const { id } = await storedDocument(stack, org, 'INV-P1');
    await customer.bytes(`documents/${id}`);
    expect(await before()).toEqual(untouched);
    const hour = (await own.me('orders')).headers.get('RateLimit');
    await customer.me('orders');
    const after = (await own.me('orders')).headers.get('RateLimit');
    const left = (header: string | null) => Number(/r=(\d+)/.exec(header ?? '')?.[1]);
    expect(left(after)).toBe(left(hour) - 1);
  });

  test('never counts as the customer’s first look', async () => {
    await publish(org, [customerRow('NEVER', org)]);
    const never = await contactOf(stack, org, 'NEVER');
    await makeLink(stack, org, 'NEVER');
    const { body } = await begin(org.clerk, never.contactId);
    await (await openLink(stack, body.url)).me('home');
    const found = await org.clerk.get<{
      customers: { code: string; lastSeenAt: string | null; activeLinks: number }[];
    }>('customers?filter=never_opened');
    expect(found.body.customers.find(({ code }) => code === 'NEVER')).toMatchObject({
      lastSeenAt: null,
      activeLinks: 1,
    });
  });

  test('changes nothing: a method that does more than read is refused, under the member’s name', async () => {
    const { customer, preview: begun } = await preview();
    const secret = /__Host-counterfoil=([0-9A-Za-z]+)/.exec(customer.cookie)?.[1] ?? '';
    const credential = await hashSecret(secret);
    const since = await now();
    const enter = async (of: string, changes: boolean) => {
      const [entered, orders] = await stack.sqlAs(
        'customer',
        [
          'select status from portal.enter($1::bytea, null, $2, p_changes => $3)',
          [of, 'r', changes],
        ],
        ['select id from portal.orders'],
      );
      return [entered?.[0]?.status, (orders ?? []).length > 0];
    };
    expect(await enter(credential, true)).toEqual(['forbidden', false]);
    expect(await enter(credential, false)).toEqual(['ok', true]);
    expect(await eventsSince(since)).toMatchObject([
      {
        action: 'request.refused',
        actorKind: 'staff',
        name: 'Clara Nowak',
        detail: { code: 'forbidden', link: begun.id },
      },
    ]);
    const own = await makeLink(stack, org, 'ANNA');
    expect(await enter(await hashSecret(own.token), true)).toEqual(['ok', true]);
  });
});
