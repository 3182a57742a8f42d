/** What customers are told of: once for each thing that happened, and only what they may see. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { contactOf, customerRow, makeOrg, type Org, publish } from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

type Cells = Record<string, string>;

let stack: Stack;
let org: Org;
let customerId: string;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org), parcel('P1'), parcel('P2')]);
  ({ customerId } = await contactOf(stack, org, 'ANNA'));
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const parcel = (tag: string): Cells => ({
  customer_code: 'ANNA',
  order_number: `SO-${tag}`,
  order_date: daysAgo(10).slice(0, 10),
  order_status: 'shipped',
  tracking_number: `TRK-${tag}`,
});
const event = (tag: string, status: string, at = daysAgo(0.1)): Cells => ({
  customer_code: 'ANNA',
  order_number: `SO-${tag}`,
  tracking_number: `TRK-${tag}`,
  event_time: `${at.slice(0, 19)}Z`,
  event_status: status,
});
const told = () =>
  stack.sql<{ kind: string; status: string }>(
    `select kind, params->>'status' as status from portal.notifications
      where customer_id = $1 and kind = 'shipment_status' order by id`,
    [customerId],
  );
const digests = () =>
  stack.sql<{ notices: number }>(
    `select (select count(*)::int from staff.notice_letters l where l.letter_id = o.id) as notices
       from staff.outbox o where o.org_id = $1 and o.template = 'news' order by o.created_at`,
    [org.id],
  );

test('a shipment’s news are told once, and join one letter', async () => {
  await publish(org, [event('P1', 'in transit', daysAgo(1)), event('P2', 'picked up', daysAgo(1))]);
  await publish(org, [event('P1', 'delivered')]);
  await publish(org, [event('P1', 'delivered')]);
  expect((await told()).map(({ status }) => status).sort()).toEqual([
    'delivered',
    'in_transit',
    'picked_up',
  ]);
  expect(await digests()).toEqual([{ notices: 3 }]);
});
