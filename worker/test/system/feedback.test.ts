/** What customers say of a download or a report: once in 30 days each, and for their supplier's staff only. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderRows,
  publish,
  signIn,
} from '../cast.ts';
import { openPreview } from '../previews.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

type Listed = {
  feedback: {
    id: string;
    about: string;
    rating: number;
    comment: string | null;
    contact: { name: string | null };
    customer: { name: string };
  }[];
  nextCursor: string | null;
  recent: { count: number; mean: number | null };
};

let stack: Stack;
let org: Org;
let other: Org;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  const codes = ['ANNA', 'BO', 'CARL', 'DORA', 'EWA'];
  await publish(org, [
    ...codes.map((code) => customerRow(code, org)),
    ...orderRows('ANNA', 'F1').slice(0, 1),
  ]);
  await publish(other, [customerRow('OLA', other)]);
});

const give = async (cookie: string, body: unknown) => {
  const response = await stack.fetch(`${PORTAL}/api/portal/customer/me/feedback`, {
    method: 'POST',
    headers: {
      Cookie: cookie,
      Origin: PORTAL,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};
const kept = async (code: string, of = org) => {
  const { contactId } = await contactOf(stack, of, code);
  return stack.sql<{ about: string; rating: number; comment: string | null }>(
    'select about, rating, comment from portal.feedback where contact_id = $1 order by created_at',
    [contactId],
  );
};
const eventsOf = async (code: string) => {
  const { contactId } = await contactOf(stack, org, code);
  return stack.sql<{ detail: unknown }>(
    "select detail from audit.events where contact_id = $1 and action = 'feedback.given'",
    [contactId],
  );
};
const asks = async (customer: Awaited<ReturnType<typeof signIn>>) =>
  (await customer.me<{ session: { asksFeedback: boolean } }>('home')).body.session.asksFeedback;

describe('feedback', () => {
  test('is kept once in 30 days a person, whichever link they come through', async () => {
    const customer = await signIn(stack, org, 'ANNA');
    expect(await asks(customer)).toBe(true);
    const first = { about: 'download', rating: 4, comment: '  Quick.  ' };
    expect(await give(customer.cookie, first)).toEqual({
      status: 200,
      body: { status: 'thanked' },
    });
    expect(await asks(customer)).toBe(false);
    const elsewhere = await signIn(stack, org, 'ANNA', 'no_financials');
    expect(await asks(elsewhere)).toBe(false);
    const second = { about: 'issue', rating: 1 };
    expect(await give(elsewhere.cookie, second)).toEqual({
      status: 200,
      body: { status: 'thanked' },
    });
    expect(await kept('ANNA')).toEqual([{ about: 'download', rating: 4, comment: 'Quick.' }]);
    expect(await eventsOf('ANNA')).toEqual([{ detail: { about: 'download', rating: 4 } }]);

    const { contactId } = await contactOf(stack, org, 'ANNA');
    await stack.sql(
      "update portal.feedback set created_at = now() - interval '30 days 1 second' where contact_id = $1",
      [contactId],
    );
    expect(await asks(customer)).toBe(true);
    expect((await give(customer.cookie, second)).status).toBe(200);
    expect((await kept('ANNA')).map(({ rating }) => rating)).toEqual([4, 1]);
  });

  test('of two taps at once is one', async () => {
    const { cookie } = await signIn(stack, org, 'BO');
    const taps = [3, 4, 5].map((rating) => give(cookie, { about: 'download', rating }));
    for (const tap of await Promise.all(taps)) {
      expect(tap.status).toBe(200);
    }
    expect(await kept('BO')).toHaveLength(1);
    expect(await eventsOf('BO')).toHaveLength(1);
  });

  test('is not given by a preview, which is not asked either', async () => {
    const { contactId } = await contactOf(stack, org, 'CARL');
    const { customer } = await openPreview(stack, org.clerk, contactId);
    expect(await asks(customer)).toBe(false);
    expect(await give(customer.cookie, { about: 'download', rating: 5 })).toMatchObject({
      status: 403,
      body: { error: { code: 'preview_only' } },
    });
    expect(await kept('CARL')).toEqual([]);
  });

  test('that is none is refused, by the name of what is wrong', async () => {
    const { cookie } = await signIn(stack, org, 'CARL');
    const wrong: [unknown, string][] = [
      [{ about: 'weather', rating: 5 }, 'about'],
      [{ about: 'issue', rating: 0 }, 'rating'],
      [{ about: 'issue', rating: 6 }, 'rating'],
      [{ about: 'issue', rating: 2.5 }, 'rating'],
      [{ about: 'issue', rating: 2, comment: 'x'.repeat(501) }, 'comment'],
      [{ about: 'issue', rating: 2, comment: 'a\0b' }, 'comment'],
    ];
    for (const [body, field] of wrong) {
      const refused = await give(cookie, body);
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'invalid' } } });
      expect(Object.keys(refused.body.error.fields)).toEqual([field]);
    }
    expect(await give('', { about: 'issue', rating: 2 })).toMatchObject({ status: 401 });
    expect(await give(cookie, { about: 'issue', rating: 2, comment: '   ' })).toMatchObject({
      status: 200,
    });
    expect(await kept('CARL')).toEqual([{ about: 'issue', rating: 2, comment: null }]);
  });

  test('is read by all staff of the supplier, and by no other’s', async () => {
    await give((await signIn(stack, org, 'DORA')).cookie, { about: 'issue', rating: 5 });
    const ola = await makeLink(stack, other, 'OLA');
    expect(ola.url).toContain(other.code);
    for (const person of [org.clerk, org.approver, org.owner]) {
      const { status, body } = await person.get<Listed>('feedback');
      expect(status).toBe(200);
      expect(body.feedback[0]).toMatchObject({ about: 'issue', rating: 5, comment: null });
      expect(body.feedback.every(({ customer }) => customer.name !== '')).toBe(true);
    }
    const theirs = await other.owner.get<Listed>('feedback');
    expect(theirs.body).toEqual({
      feedback: [],
      nextCursor: null,
      recent: { count: 0, mean: null },
    });
  });
});

test('the list goes on behind its last row, and the mean is of the last 90 days', async () => {
  const { customerId, contactId } = await contactOf(stack, org, 'EWA');
  await stack.sql('delete from portal.feedback where org_id = $1', [org.id]);
  // Two of each moment: a page may end between them.
  await stack.sql(
    `insert into portal.feedback (org_id, customer_id, contact_id, about, rating, created_at)
     select $1, $2, $3, 'download', 1 + n % 5, now() - make_interval(days => 2 * (n / 2))
       from generate_series(0, 44) n`,
    [org.id, customerId, contactId],
  );
  await stack.sql(
    `insert into portal.feedback (org_id, customer_id, contact_id, about, rating, created_at)
     values ($1, $2, $3, 'issue', 1, now() - interval '91 days')`,
    [org.id, customerId, contactId],
  );
  const seen: string[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const { body } = await org.clerk.get<Listed>(`feedback${query}`);
    seen.push(...body.feedback.map(({ id }) => id));
    cursor = body.nextCursor;
    pages += 1;
    expect(body.recent).toEqual({ count: 45, mean: 3 });
  } while (cursor !== null && pages < 9);
  expect(pages).toBe(3);
  expect(new Set(seen).size).toBe(46);
  for (const wrong of ['x', '0000-01-01T00:00:00Z~', `${seen[0]}`, "'~' or true"]) {
    const refused = await org.clerk.get(`feedback?cursor=${encodeURIComponent(wrong)}`);
    expect(refused.status).toBe(422);
  }
});
