/** What was told is told once, whatever is withdrawn, comes again, or was only to come. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeOrg, type Org, publish } from '../cast.ts';
import {
  changesOf,
  dueNow,
  parcelRow,
  poll,
  pollLater,
  publishParcels,
  shipmentOf,
  toldOf,
} from '../parcels.ts';
import { settle } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';
import { scan, type ToldCarrier, toldCarrier } from '../told-carrier.ts';

let stack: Stack;
let org: Org;
let fedex: ToldCarrier;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  fedex = toldCarrier('fedex');
  await publishParcels(org, 'BUYER', []);
});

const parcels = (...numbers: string[]) =>
  publish(
    org,
    numbers.map((number) => parcelRow('BUYER', number)),
  );
const withdraw = (id: string) =>
  org.approver.post(`publishes/${id}/withdrawal`, { reason: 'Wrong prices' });
/** What the carrier says by now is heard. */
async function hear() {
  await dueNow(stack, org);
  return poll(stack, fedex);
}
/** Ten minutes go by. */
async function wait() {
  await stack.sql(
    "update staff.outbox set due_at = due_at - interval '10 minutes' where org_id = $1 and state = 'queued'",
    [org.id],
  );
  await settle(stack, [org.id]);
}
const mails = () =>
  stack.mail
    .mails()
    .filter(
      ({ to, tags }) =>
        to.includes(`buyer@${org.slug}.customer.example`) &&
        tags.some(({ value }) => value === 'news'),
    )
    .map(({ subject }) => subject.replace(/^.*: /, ''))
    .reverse();

describe('an order that is withdrawn and comes again', () => {
  test('tells nothing that was mailed before', async () => {
    const first = await parcels('T1');
    const arrival = scan(3, 'delivered', { code: 'DL' });
    fedex.says.set('T1', { events: [scan(9, 'in_transit'), arrival] });
    await hear();
    await wait();
    expect(mails()).toEqual(['order SO-T1 was delivered']);

    await withdraw(first);
    expect((await toldOf(stack, org)).told).toEqual([]);
    await parcels('T1');
    // Carriers say it twice.
    fedex.says.set('T1', {
      events: [scan(9, 'in_transit'), arrival, scan(2, 'delivered', { code: 'DL' })],
    });
    await hear();
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({ status: 'delivered' });
    await wait();
    expect(mails()).toHaveLength(1);
    expect((await toldOf(stack, org)).told).toEqual([]);

    fedex.says.set('T1', { events: [arrival, scan(1, 'exception')] });
    await hear();
    await wait();
    expect(mails()).toEqual(['order SO-T1 was delivered', 'order SO-T1 is held up']);
  });

  test('tells what waited to be mailed, once', async () => {
    const first = await parcels('T1', 'T2');
    for (const number of ['T1', 'T2']) {
      fedex.says.set(number, { events: [scan(3, 'exception'), scan(2, 'exception')] });
    }
    await hear();
    expect((await toldOf(stack, org)).letters).toEqual([{ state: 'queued', notices: 2 }]);
    await withdraw(first);
    await parcels('T1', 'T2');
    await hear();
    await wait();
    expect(mails()).toEqual(['2 updates on 2 orders']);
    await hear();
    await wait();
    expect(mails()).toHaveLength(1);
    expect((await toldOf(stack, org)).told).toEqual(['exception', 'exception']);
  });

  test('is remembered for half a year', async () => {
    const count = async () =>
      (await stack.sql('select from staff.told where org_id = $1', [org.id])).length;
    await parcels('T1');
    fedex.says.set('T1', { events: [scan(3, 'in_transit')] });
    await hear();
    const before = await count();
    await stack.scheduled('41 3 * * *');
    expect(await count()).toBe(before);
    await stack.sql(
      "update staff.told set told_at = now() - interval '181 days' where org_id = $1",
      [org.id],
    );
    await stack.scheduled('41 3 * * *');
    expect(await count()).toBe(0);
  });
});

describe('a parcel that comes back', () => {
  test('is never delivered, however its carrier says it of the sender', async () => {
    await parcels('T1');
    const back = [scan(8, 'exception'), scan(6, 'returned')];
    const home = [...back, scan(4, 'in_transit'), scan(2, 'delivered'), scan(1, 'returned')];
    const { id } = await shipmentOf(stack, org, 'T1');
    for (const told of [1, 2, 3, 4, 5]) {
      fedex.says.set('T1', { events: home.slice(0, told), signedBy: 'THE SENDER' });
      await hear();
      await wait();
    }
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({
      status: 'returned',
      order: 'shipped',
      delivered_at: null,
      signed_by: null,
    });
    expect(await changesOf(stack, id)).toEqual(['unknown > exception', 'exception > returned']);
    expect(mails()).toEqual(['order SO-T1 is held up', 'order SO-T1 is on its way back']);
  });

  test('is, once staff say that it was after all', async () => {
    await parcels('T1');
    fedex.says.set('T1', { events: [scan(6, 'returned'), scan(4, 'in_transit')] });
    await hear();
    const { id } = await shipmentOf(stack, org, 'T1');
    const say = (hours: number, status: string) =>
      org.clerk.send(
        'POST',
        `shipments/${id}/events`,
        JSON.stringify({ at: scan(hours, 'unknown').at, status }),
        'application/json',
        { 'Idempotency-Key': `staff-say-${status}` },
      );
    expect((await say(3, 'in_transit')).status).toBeLessThan(300);
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({ status: 'in_transit' });
    // From then on its carrier is heard again.
    fedex.says.set('T1', { events: [scan(1, 'out_for_delivery')] });
    await hear();
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({ status: 'out_for_delivery' });
  });
});

describe('a scan that is still to come', () => {
  test('does not rule while there is another, and is not told of', async () => {
    await parcels('T1');
    fedex.says.set('T1', { events: [scan(3, 'in_transit'), scan(-20, 'delivered')] });
    await hear();
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({
      status: 'in_transit',
      order: 'shipped',
      delivered_at: null,
    });
    expect((await toldOf(stack, org)).told).toEqual(['in_transit']);
    // Its hour comes.
    await stack.sql(
      "update portal.tracking_events set at = at - interval '21 hours' where org_id = $1 and status = 'delivered'",
      [org.id],
    );
    await pollLater(stack, 30, fedex);
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({ status: 'delivered' });
  });

  test('counts where there is nothing else', async () => {
    await parcels('T1');
    fedex.says.set('T1', { events: [scan(-20, 'picked_up')] });
    await hear();
    expect(await shipmentOf(stack, org, 'T1')).toMatchObject({ status: 'picked_up' });
  });
});
