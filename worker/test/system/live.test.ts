/** An open page is told that something changed for its customer, and nothing else; no other page is. */
import { beforeAll, describe, expect, test } from 'vitest';
import { parcelNumber } from '../../../scripts/local/carrier-numbers.ts';
import { FOLLOWERS_MAX } from '../../live/words.ts';
import {
  type CarrierCode,
  LIVE_BYE,
  LIVE_PING,
  LIVE_PONG,
  LIVE_TOO_MANY,
} from '../../vocabulary.ts';
import {
  contactOf,
  customerRow,
  day,
  makeIssue,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  signIn,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { askToFollow, follow } from '../follow.ts';
import { dueNow, parcelRow, publishParcels } from '../parcels.ts';
import { openPreview } from '../previews.ts';
import { addPhoto, jpeg } from '../reports.ts';
import { settle } from '../rows-of.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

const HINT = '{"changed":true}';

let stack: Stack;
let org: Org;
let other: Org;
let anna: Customer;
let ben: Customer;
let foreigner: Customer;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  await publish(
    org,
    [customerRow('ANNA', org), customerRow('BEN', org), ...orderRows('ANNA', 'L1')],
    orderFiles('L1'),
  );
  await publish(other, [customerRow('ANNA', other), ...orderRows('ANNA', 'L1')], orderFiles('L1'));
  anna = await signIn(stack, org, 'ANNA');
  ben = await signIn(stack, org, 'BEN');
  foreigner = await signIn(stack, other, 'ANNA');
});

const changeOrder = (code: string, tag: string, fields: Record<string, string>, of = org) =>
  publish(of, [customerRow(code, of), { ...orderRows(code, tag)[0], ...fields }]);

describe('an open page', () => {
  test('is told of an approval, of staff’s answer and of a withdrawal, at once and in no more words', async () => {
    const page = await follow(stack, anna.cookie);
    const again = await changeOrder('ANNA', 'L1', { order_status: 'delivered' });
    await page.told(1);
    const first = page.messages.length;
    const issue = await makeIssue(stack, org, 'ANNA', 'L1');
    await stack.minute();
    await page.told(first + 1);
    const before = page.messages.length;
    const answered = await org.clerk.send(
      'POST',
      `issues/${issue}/messages`,
      JSON.stringify({ body: 'We look into it.' }),
      'application/json',
      { 'Idempotency-Key': crypto.randomUUID() },
    );
    expect(answered.status).toBe(201);
    await page.told(before + 1);
    const then = page.messages.length;
    await org.approver.post(`publishes/${again}/withdrawal`, { reason: 'Too early' });
    await page.told(then + 1);
    expect(new Set(page.messages)).toEqual(new Set([HINT]));
    page.close();
  });

  test('is told of a photo that another window of the same person sent, and needs no minute for it', async () => {
    const issue = await makeIssue(stack, org, 'ANNA', 'L1');
    await settle(stack, [org.id]);
    const page = await follow(stack, anna.cookie);
    expect((await addPhoto(anna, issue, jpeg())).status).toBe(201);
    expect(await page.told(1)).toEqual([HINT]);
    page.close();
  });

  test('hears nothing of another customer, nor of another supplier’s of the same code', async () => {
    // What was before is told by then.
    await settle(stack, [org.id, other.id]);
    const pages = await Promise.all([ben, foreigner].map(({ cookie }) => follow(stack, cookie)));
    const page = await follow(stack, anna.cookie);
    await changeOrder('ANNA', 'L2', { order_status: 'processing' });
    await page.told(1);
    // Both are connected still, and what they are answered is the first that they hear.
    for (const one of pages) {
      one.send(LIVE_PING);
      expect(await one.told(1)).toEqual([LIVE_PONG]);
    }
    await changeOrder('BEN', 'L3', {});
    await changeOrder('ANNA', 'L4', {}, other);
    for (const one of pages) {
      expect((await one.told(2))[1]).toBe(HINT);
      one.close();
    }
    page.close();
  });

  test('is told by the minute’s cron of what changed by itself', async () => {
    const page = await follow(stack, anna.cookie);
    await stack.sql("update portal.shipments set status = 'out_for_delivery' where org_id = $1", [
      org.id,
    ]);
    await stack.minute();
    expect((await page.told(1))[0]).toBe(HINT);
    // That its carrier was asked is no news.
    await stack.sql('update portal.shipments set checked_at = now() where org_id = $1', [org.id]);
    const [waiting] = await stack.sql('select from staff.hints where org_id = $1', [org.id]);
    expect(waiting).toBeUndefined();
    page.close();
  });

  test('is told what one carrier answered while another is still to answer', async () => {
    const from = day(-2);
    const parcel = (carrier: string, code: CarrierCode) =>
      parcelRow('CARL', parcelNumber(code, { day: from, scenario: 'travels', serial: 60 }), {
        carrier,
        shipped_at: from,
      });
    const shop = await makeOrg(stack);
    await publishParcels(shop, 'CARL', [parcel('FedEx', 'fedex'), parcel('UPS', 'ups')]);
    const { cookie } = await signIn(stack, shop, 'CARL');
    await dueNow(stack, shop);
    await stack.minute();
    const page = await follow(stack, cookie);
    stack.carriers.faults.ups = 'hang';
    const run = stack.scheduled('*/30 * * * *').then(() => 'over');
    try {
      expect(await Promise.race([run, page.told(1)])).toEqual([HINT]);
    } finally {
      stack.carriers.clear();
    }
    expect(await run).toBe('over');
    page.close();
  });

  test('of a preview is told too', async () => {
    const { contactId } = await contactOf(stack, org, 'ANNA');
    const { customer } = await openPreview(stack, org.clerk, contactId);
    const page = await follow(stack, customer.cookie);
    await changeOrder('ANNA', 'L5', {});
    await page.told(1);
    page.close();
  });

  test('can ask whether its connection still is one', async () => {
    const page = await follow(stack, anna.cookie);
    page.send(LIVE_PING);
    expect(await page.told(1)).toEqual([LIVE_PONG]);
    page.close();
  });
});

// At once: a closing takes seconds to come through the harness.
describe.concurrent('a connection ends', () => {
  test('when its link is revoked, and the page is let in no more', async () => {
    const link = await makeLink(stack, org, 'ANNA');
    const { cookie } = await openLink(stack, link.url);
    const [page, stays] = await Promise.all([follow(stack, cookie), follow(stack, anna.cookie)]);
    await org.clerk.post(`links/${link.id}/revocation`);
    expect(await page.closed).toBe(LIVE_BYE);
    expect((await askToFollow(stack, cookie)).status).toBe(401);
    stays.send(LIVE_PING);
    expect(await stays.told(1)).toContain(LIVE_PONG);
    stays.close();
  });

  test('when its person’s access ends', async () => {
    const carol = await makeOrg(stack);
    await publish(carol, [customerRow('CAROL', carol)]);
    const { cookie } = await signIn(stack, carol, 'CAROL');
    const page = await follow(stack, cookie);
    const { contactId } = await contactOf(stack, carol, 'CAROL');
    await carol.clerk.put(`contacts/${contactId}/access`, { access: 'ended' });
    expect(await page.closed).toBe(LIVE_BYE);
  });

  test('when its person signs out', async () => {
    const customer = await signIn(stack, org, 'BEN');
    const page = await follow(stack, customer.cookie);
    await customer.signOut();
    expect(await page.closed).toBe(LIVE_BYE);
    expect((await askToFollow(stack, customer.cookie)).status).toBe(401);
  });

  test('when it is the oldest of too many', async () => {
    const crowd = await makeOrg(stack);
    await publish(crowd, [customerRow('CROWD', crowd)]);
    const { url } = await makeLink(stack, crowd, 'CROWD');
    const people = await Promise.all([1, 2, 3].map(() => openLink(stack, url)));
    const cookieOf = (page: number) => people[page % people.length]?.cookie ?? '';
    const first = await follow(stack, cookieOf(0));
    const pages = [];
    for (let page = 1; page <= FOLLOWERS_MAX; page += 1) {
      pages.push(await follow(stack, cookieOf(page)));
    }
    expect(await first.closed).toBe(LIVE_TOO_MANY);
    for (const page of pages) {
      page.close();
    }
  });
});

describe('the request', () => {
  /** A page of Ben's through a link of its own, which followed once; and what its link has counted. */
  async function pageOfBen() {
    const { id, url } = await makeLink(stack, org, 'BEN');
    const { cookie } = await openLink(stack, url);
    const seen = async () => {
      const [row] = await stack.sql<{ count: number; events: number }>(
        `select l.hour_count as count,
                (select count(*)::int from audit.events e where e.actor_id = l.id and e.action = 'updates.followed') as events
           from staff.access_links l where l.id = $1`,
        [id],
      );
      return { count: row?.count ?? 0, events: row?.events ?? 0 };
    };
    const before = await seen();
    (await follow(stack, cookie)).close();
    const after = await seen();
    expect(after).toEqual({ count: before.count + 1, events: 1 });
    const set = (changes: string) =>
      stack.sql(`update staff.sessions set ${changes} where link_id = $1`, [id]);
    return { id, cookie, seen, after, set };
  }

  test('is counted and audited once, however often the connection breaks', async () => {
    const { cookie, seen, after } = await pageOfBen();
    (await follow(stack, cookie)).close();
    (await follow(stack, cookie)).close();
    expect(await seen()).toEqual(after);
  });

  test('is another when it comes long after the last, and keeps no session from ending', async () => {
    const { id, cookie, seen, after, set } = await pageOfBen();
    await set(
      "listened_at = now() - interval '11 minutes', last_seen_at = now() - interval '20 minutes'",
    );
    (await follow(stack, cookie)).close();
    expect(await seen()).toEqual({ count: after.count + 1, events: 2 });
    const [session] = await stack.sql<{ idle: boolean }>(
      "select last_seen_at < now() - interval '19 minutes' as idle from staff.sessions where link_id = $1",
      [id],
    );
    expect(session?.idle).toBe(true);
  });

  test('is refused while its link’s hour is used up, and when it breaks too often in an hour', async () => {
    const { id, cookie, after, seen, set } = await pageOfBen();
    await set('listens = 31');
    const tooOften = await askToFollow(stack, cookie);
    expect(tooOften.status).toBe(429);
    expect(Number(tooOften.headers.get('Retry-After'))).toBeGreaterThan(3000);
    // Which takes nothing from the person's own requests.
    expect(await seen()).toEqual(after);
    await set("listens_since = now() - interval '61 minutes'");
    (await follow(stack, cookie)).close();

    await stack.sql('update staff.access_links set hour_count = 10000 where id = $1', [id]);
    expect((await askToFollow(stack, cookie)).status).toBe(429);
    await stack.sql('update staff.access_links set hour_count = 1 where id = $1', [id]);
    (await follow(stack, cookie)).close();
  });

  test('is refused without a session, from elsewhere, and without an upgrade', async () => {
    const codeOf = async (response: Response) => [
      response.status,
      ((await response.json()) as { error: { code: string } }).error.code,
    ];
    const { cookie } = anna;
    expect(await codeOf(await askToFollow(stack, ''))).toEqual([401, 'session_expired']);
    expect(
      await codeOf(await askToFollow(stack, cookie, { Origin: 'https://evil.example' })),
    ).toEqual([403, 'origin_refused']);
    const plain = await stack.fetch(`${PORTAL}/api/portal/customer/me/updates`, {
      headers: { Cookie: cookie, Origin: PORTAL },
    });
    expect(await codeOf(plain)).toEqual([426, 'upgrade_required']);
    const { token } = await makeLink(stack, org, 'ANNA');
    const byToken = await stack.fetch(`${PORTAL}/api/portal/customer/${token}/updates`, {
      headers: { Origin: PORTAL, Upgrade: 'websocket' },
    });
    expect(byToken.status).toBe(401);
  });
});
