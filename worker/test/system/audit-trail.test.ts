/** What the trail tells: who did it, and to what. */
import { beforeAll, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeOrg,
  type Org,
  orderRows,
  publish,
  signIn,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

type Event = {
  action: string;
  actor: { kind: string; name: string | null };
  subjectKind: string | null;
  subjectId: string | null;
  detail: Record<string, unknown>;
};

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('A', org), ...orderRows('A', 'A').slice(0, 1)]);
});

const events = async (query: string) =>
  (await org.owner.get<{ events: Event[] }>(`audit?${query}`)).body.events;

test('says which order was looked at, and which was asked for in vain', async () => {
  const customer = await signIn(stack, org, 'A');
  const { body } = await customer.me<{ orders: { id: string }[] }>('orders');
  const id = body.orders[0]?.id ?? '';
  const unknown = crypto.randomUUID();
  await customer.me(`orders/${id}`);
  expect((await customer.me(`orders/${unknown}`)).status).toBe(404);
  expect(await events('action=order.viewed')).toMatchObject([
    { actor: { kind: 'customer', name: 'Contact of A' }, subjectKind: 'order', subjectId: id },
  ]);
  expect(await events('action=request.refused')).toMatchObject([
    { subjectKind: 'order', subjectId: unknown, detail: { code: 'not_found' } },
  ]);
});

test('names nobody for what the product did by itself, or what a stranger asked for', async () => {
  const { customerId } = await contactOf(stack, org, 'A');
  await stack.fetch('http://portal.test/api/portal/link-requests', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': '203.0.113.77' },
    body: JSON.stringify({ org: org.code, customer: 'A' }),
  });
  await stack.minute();
  await expect
    .poll(async () => (await events(`action=mail.sent&customer=${customerId}`)).length)
    .toBe(2);
  for (const action of ['mail.sent', 'link.requested']) {
    const names = (await events(`action=${action}`)).map(({ actor }) => actor.name);
    expect([action, new Set(names)]).toEqual([action, new Set([null])]);
  }
});

test('says who tried to decide on a publish, or on what is shown, and might not', async () => {
  const own = await makeOrg(stack);
  const publishId = await stageRows(own, [customerRow('A', own)]);
  await own.approver.importCsv('customer_code,customer_name\nB,Bea\n', publishId);
  const reviewHash = '0'.repeat(64);
  const { body } = await own.approver.get<{ hash: string }>(`publishes/${publishId}/review`);
  await own.clerk.post(`publishes/${publishId}/approval`, { reviewHash });
  await own.approver.post(`publishes/${publishId}/approval`, { reviewHash: body.hash });
  await own.clerk.post(`publishes/${publishId}/rejection`, { reason: 'not mine to say' });
  await own.clerk.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' });
  const shown = { customerKey: 'A', kinds: ['invoice'], fields: [] };
  expect((await own.clerk.put('exposures', shown)).status).toBe(403);
  const refused = await own.owner.get<{ events: Event[] }>('audit?action=request.refused');
  expect(
    refused.body.events.map(({ actor, subjectId, detail }) => [actor.name, subjectId, detail]),
  ).toEqual([
    ['Clara Nowak', 'A', { code: 'forbidden', action: 'exposure.changed' }],
    ['Clara Nowak', publishId, { code: 'forbidden', action: 'publish.withdrawn' }],
    ['Clara Nowak', publishId, { code: 'forbidden', action: 'publish.rejected' }],
    ['Amir Haddad', publishId, { code: 'own_import', action: 'publish.approved' }],
    ['Clara Nowak', publishId, { code: 'forbidden', action: 'publish.approved' }],
  ]);
});

test('says which settings were changed, from what to what, and no address', async () => {
  const { body } = await org.owner.get<Record<string, unknown>>('settings');
  const change = { requiresTwoPersons: false, contactEmail: 'new@acme.example' };
  await org.owner.put('settings', { ...body, ...change });
  expect(await events('action=settings.changed')).toMatchObject([
    {
      actor: { kind: 'staff', name: 'Olga Berg' },
      detail: {
        fields: ['contact_email', 'requires_two_persons'],
        before: { requires_two_persons: true },
        after: { requires_two_persons: false },
      },
    },
  ]);
  const told = await stack.sql(
    "select 1 from audit.events where org_id = $1 and detail::text like '%new@acme.example%'",
    [org.id],
  );
  expect(told).toEqual([]);
});
