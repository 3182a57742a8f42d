/** What is written to a customer's people: whom, about what, and with which link. */
import { beforeAll, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const lettersOf = (of: Org) =>
  stack.sql<{ customer: string; recipient: string; params: object }>(
    `select b.code as customer, o.recipient, o.params from staff.outbox o
       join portal.contacts c on c.id = o.contact_id join portal.customers b on b.id = c.customer_id
      where o.org_id = $1 and o.template = 'documents-ready' order by 1`,
    [of.id],
  );

test('a person who is a contact of two customers is told of both', async () => {
  const own = await makeOrg(stack);
  const contact_email = `books@${own.slug}.example`;
  await publish(own, [
    { ...customerRow('A', own), contact_email },
    { ...customerRow('B', own), contact_email },
    ...orderRows('A', 'A').slice(0, 1),
    ...orderRows('B', 'B').slice(0, 1),
  ]);
  expect(await lettersOf(own)).toEqual(
    ['A', 'B'].map((customer) => ({
      customer,
      recipient: contact_email,
      params: { documents: 0, orders: 1 },
    })),
  );
});

test('a letter counts what can be seen: no kind that is not shown, no invoice that is held', async () => {
  const own = await makeOrg(stack);
  await publish(own, [customerRow('A', own), customerRow('B', own)]);
  await own.owner.put('exposures', { customerKey: 'A', kinds: ['packing_slip'], fields: [] });
  const pending = orderRows('B', 'B').map((row) => ({ ...row, order_status: 'pending' }));
  await publish(own, [...orderRows('A', 'A'), ...pending], {
    ...orderFiles('A'),
    ...orderFiles('B'),
  });
  expect((await lettersOf(own)).map(({ customer, params }) => [customer, params])).toEqual([
    ['A', { documents: 1, orders: 1 }],
    ['B', { documents: 1, orders: 1 }],
  ]);
});

test('a mailed link has the scope and the label that staff gave it, and is in the audit', async () => {
  await publish(org, [customerRow('M', org)]);
  const { customerId, contactId } = await contactOf(stack, org, 'M');
  const send = async (wanted: object) => {
    const path = `customers/${customerId}/links`;
    const { status } = await org.clerk.post(path, { contactId, delivery: 'mail', ...wanted });
    expect(status).toBe(202);
    await stack.minute();
  };
  const links = () =>
    stack.sql<{ id: string; scope: string; label: string | null }>(
      'select id, scope, label from staff.access_links where contact_id = $1 order by created_at',
      [contactId],
    );
  await send({ scope: 'no_financials', label: 'Warehouse' });
  await expect.poll(links).toMatchObject([{ scope: 'no_financials', label: 'Warehouse' }]);
  // Unsaid, it is what they last had; more only when staff say so.
  await send({});
  await expect.poll(async () => (await links()).map(({ scope }) => scope)).toHaveLength(2);
  await send({ scope: 'all' });
  await expect
    .poll(async () => (await links()).map(({ scope }) => scope))
    .toEqual(['no_financials', 'no_financials', 'all']);
  const made = await stack.sql<{ subject_id: string }>(
    "select subject_id from audit.events where action = 'link.created' and actor_kind = 'system' and contact_id = $1 order by at",
    [contactId],
  );
  expect(made.map((event) => event.subject_id)).toEqual((await links()).map(({ id }) => id));
});
