/** What a member does in a preview is theirs, in the trail and on every copy, and nothing of the customer's. */
import { unzipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
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
import { openLink, type Staff } from '../clients.ts';
import { stampOn, storedDocument } from '../copies.ts';
import { openPreview } from '../previews.ts';
import { settle } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';

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
  await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'P1')], orderFiles('P1'));
  ({ contactId, customerId } = await contactOf(stack, org, 'ANNA'));
  // A letter that goes out meanwhile is an event too.
  await settle(stack, [org.id]);
});

const preview = (as: Staff = org.clerk) => openPreview(stack, as, contactId);
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

test('what is done is the member’s, in the trail: each look and each copy a preview, and nothing the customer’s', async () => {
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
  expect(listed.events[0]?.actor).toMatchObject({ kind: 'staff', name: 'Amir Haddad' });
});

test('a copy traces to the member: seen, downloaded, or in a ZIP', async () => {
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

test('a preview touches no link of the customer, no last visit, and nothing of their hour', async () => {
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

test('a preview never counts as the customer’s first look', async () => {
  await publish(org, [customerRow('NEVER', org)]);
  const never = await contactOf(stack, org, 'NEVER');
  await makeLink(stack, org, 'NEVER');
  const looked = await openPreview(stack, org.clerk, never.contactId);
  await looked.customer.me('home');
  const found = await org.clerk.get<{
    customers: { code: string; lastSeenAt: string | null; activeLinks: number }[];
  }>('customers?filter=never_opened');
  expect(found.body.customers.find(({ code }) => code === 'NEVER')).toMatchObject({
    lastSeenAt: null,
    activeLinks: 1,
  });
});

test('a preview changes nothing: a method that does more than read is refused, under the member’s name', async () => {
  const { customer, preview: begun } = await preview();
  const secret = /__Host-counterfoil=([0-9A-Za-z]+)/.exec(customer.cookie)?.[1] ?? '';
  const credential = await hashSecret(secret);
  const since = await now();
  const enter = async (of: string, changes: boolean) => {
    const [entered, orders] = await stack.sqlAs(
      'customer',
      ['select status from portal.enter($1::bytea, null, $2, p_changes => $3)', [of, 'r', changes]],
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
