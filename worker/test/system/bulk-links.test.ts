/** Links for many customers at once, all of a customer's taken back, and who is short of one. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contactOf, customerRow, makeLink, makeOrg, type Org, publish } from '../cast.ts';
import { openLink, postLanding } from '../clients.ts';
import { mailsTo } from '../mailbox.ts';
import { settle } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';

type LeftOut = {
  customerId: string;
  customerName: string | null;
  contactId: string | null;
  contactName: string | null;
  email: string | null;
  reason: string;
};
type Sent = { sent: number; leftOut: LeftOut[]; error?: { code: string } };
type Letter = { template: string; state: string; lastError: string | null } | null;
type Link = { id: string; state: string; purpose: string; letter: Letter };
type Page = { contacts: { id: string; access: string; letter: Letter; links: Link[] }[] };

let stack: Stack;
let org: Org;
let ids: Record<string, string>;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  const two = { ...customerRow('TWO', org), contact_email: `two-b@${org.slug}.customer.example` };
  await publish(org, [
    customerRow('ONE', org),
    customerRow('TWO', org),
    two,
    { customer_code: 'NONE', customer_name: 'Customer NONE' },
  ]);
  const rows = await stack.sql<{ code: string; id: string }>(
    'select code, id from portal.customers where org_id = $1',
    [org.id],
  );
  ids = Object.fromEntries(rows.map(({ code, id }) => [code, id]));
});

const of = (...codes: string[]) => codes.map((code) => ids[code] ?? '');
const send = (customerIds: string[]) => org.clerk.post<Sent>('links', { customerIds });
const reasons = ({ body }: { body: Sent }) =>
  body.leftOut.map(({ customerName, email, reason }) => [
    customerName,
    email?.split('@')[0] ?? null,
    reason,
  ]);
const mailsOf = (mailbox: string) =>
  mailsTo(stack, `${mailbox}@${org.slug}.customer.example`).length;
const pageOf = async (code: string) => (await org.clerk.get<Page>(`customers/${ids[code]}`)).body;
/** What a search or a filter lists. */
const listed = async (query: string) => {
  const { body } = await org.clerk.get<{ customers: { code: string }[] }>(`customers?${query}`);
  return body.customers.map(({ code }) => code);
};

describe('links for the selected', () => {
  test('go to each allowed person without one, and the answer says who was left out and why', async () => {
    await makeLink(stack, org, 'ONE');
    const answer = await send(of('ONE', 'TWO', 'NONE'));
    expect(answer).toMatchObject({ status: 202, body: { sent: 2 } });
    expect(reasons(answer)).toEqual([
      ['Customer NONE', null, 'no_contact'],
      ['Customer ONE', 'one', 'has_link'],
    ]);
    await settle(stack, [org.id]);
    expect([mailsOf('two'), mailsOf('two-b'), mailsOf('one')]).toEqual([1, 1, 0]);
    for (const { links, letter } of (await pageOf('TWO')).contacts) {
      expect(letter).toMatchObject({ template: 'access-link', state: 'sent', lastError: null });
      expect(links).toMatchObject([
        { purpose: 'standing', state: 'active', letter: { state: 'sent' } },
      ]);
    }
    const events = await stack.sql<{ name: string; subject_id: string; customer_id: string }>(
      `select m.name, e.subject_id, e.customer_id from audit.events e join staff.members m on m.id = e.actor_id
        where e.org_id = $1 and e.action = 'link.sent'`,
      [org.id],
    );
    const told = (await pageOf('TWO')).contacts.map(({ id }) => ({
      name: 'Clara Nowak',
      subject_id: id,
      customer_id: ids.TWO,
    }));
    expect(events).toHaveLength(2);
    expect(events).toEqual(expect.arrayContaining(told));
  });

  test('go once: asked again, even at once, they are on their way', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => send(of('TWO'))));
    expect(answers.reduce((sum, { body }) => sum + body.sent, 0)).toBe(2);
    await settle(stack, [org.id]);
    expect([mailsOf('two'), mailsOf('two-b')]).toEqual([1, 1]);
    expect(reasons(await send(of('TWO')))).toEqual([
      ['Customer TWO', 'two-b', 'has_link'],
      ['Customer TWO', 'two', 'has_link'],
    ]);
    // Revoked within the hour: whoever asks again has the answer of the first time.
    await org.clerk.post(`customers/${ids.TWO}/links/revocation`);
    expect(reasons(await send(of('TWO')))).toEqual([
      ['Customer TWO', 'two-b', 'mail_on_its_way'],
      ['Customer TWO', 'two', 'mail_on_its_way'],
    ]);
    await stack.sql(
      "update staff.outbox set created_at = created_at - interval '2 hours', event = event || '/past' where org_id = $1",
      [org.id],
    );
    expect((await send(of('TWO'))).body).toEqual({ sent: 2, leftOut: [] });
  });

  test('do not count a link that is being replaced, or that was revoked or is over', async () => {
    const old = await makeLink(stack, org, 'ONE');
    const { body } = await org.clerk.post<{ link: { id: string } }>(`links/${old.id}/rotation`);
    expect(reasons(await send(of('ONE')))).toEqual([['Customer ONE', 'one', 'has_link']]);
    await org.clerk.post(`links/${body.link.id}/revocation`);
    expect((await send(of('ONE'))).body).toEqual({ sent: 1, leftOut: [] });
  });

  test('never go to whom is paused or has ended', async () => {
    const [first, second] = (await pageOf('TWO')).contacts;
    await org.clerk.put(`contacts/${first?.id}/access`, { access: 'paused' });
    await org.clerk.put(`contacts/${second?.id}/access`, { access: 'ended' });
    const answer = await send(of('TWO'));
    expect(answer.body.sent).toBe(0);
    expect(answer.body.leftOut.map(({ reason }) => reason)).toEqual([
      'access_paused',
      'access_ended',
    ]);
  });

  test('say nothing of another supplier’s customers, and are for 200 at most', async () => {
    const other = await makeOrg(stack, 'Borealis');
    await publish(other, [customerRow('THEIRS', other)]);
    const theirs = await contactOf(stack, other, 'THEIRS');
    const nobody = crypto.randomUUID();
    const answer = await send([...of('ONE'), theirs.customerId, nobody, ...of('ONE')]);
    const unknown = {
      customerName: null,
      contactId: null,
      contactName: null,
      email: null,
      reason: 'not_found',
    };
    expect(answer.body).toEqual({
      sent: 1,
      leftOut: [
        { ...unknown, customerId: theirs.customerId },
        { ...unknown, customerId: nobody },
      ],
    });
    expect(await stack.sql('select from staff.outbox where org_id = $1', [other.id])).toEqual([]);
    for (const wrong of [[], Array.from({ length: 201 }, () => crypto.randomUUID()), ['x']]) {
      expect((await send(wrong)).status).toBe(422);
    }
    expect((await org.service.post('links', { customerIds: of('ONE') })).status).toBe(403);
  });

  test('that bounce are told at the link and at the person', async () => {
    stack.mail.fault = { status: 422 };
    try {
      await send(of('ONE'));
      await expect.poll(async () => (await pageOf('ONE')).contacts[0]?.letter?.state).toBe('dead');
    } finally {
      stack.mail.fault = null;
    }
    const [contact] = (await pageOf('ONE')).contacts;
    expect(contact?.letter?.lastError).toMatch(/^The mail provider refused the letter /);
    expect(contact?.links).toMatchObject([{ letter: contact?.letter ?? {} }]);
    await org.clerk.post(`customers/${ids.ONE}/links/revocation`);
    expect(reasons(await send(of('ONE')))).toEqual([['Customer ONE', 'one', 'mail_failed']]);
  });
});

describe('all links of a customer', () => {
  test('are taken back at once: none opens, and no session goes on', async () => {
    const links = [await makeLink(stack, org, 'ONE'), await makeLink(stack, org, 'ONE')];
    const neighbour = await makeLink(stack, org, 'TWO');
    const customer = await openLink(stack, links[0]?.url ?? '');
    const revoke = () =>
      org.clerk.post<{ revoked: number }>(`customers/${ids.ONE}/links/revocation`);
    expect(await revoke()).toMatchObject({ status: 200, body: { revoked: 2 } });
    expect((await customer.me('home')).status).toBe(401);
    for (const { url } of links) {
      expect((await postLanding(stack, url)).status).toBe(401);
    }
    await openLink(stack, neighbour.url);
    expect((await pageOf('ONE')).contacts[0]?.access).toBe('allowed');
    expect((await revoke()).body).toEqual({ revoked: 0 });
    const events = await stack.sql(
      "select subject_kind, subject_id, customer_id, detail from audit.events where org_id = $1 and action = 'link.revoked' order by at",
      [org.id],
    );
    const told = { subject_kind: 'customer', subject_id: ids.ONE, customer_id: ids.ONE };
    expect(events).toEqual([
      { ...told, detail: { links: 2 } },
      { ...told, detail: { links: 0 } },
    ]);
  });

  test('go with everybody’s access, when that is asked, and each end is told', async () => {
    await makeLink(stack, org, 'TWO');
    const path = `customers/${ids.TWO}/links/revocation`;
    expect((await org.clerk.post(path, { endAccess: true })).body).toEqual({ revoked: 1 });
    const { contacts } = await pageOf('TWO');
    expect(contacts.map(({ access }) => access)).toEqual(['ended', 'ended']);
    const events = await stack.sql<{ subject_id: string }>(
      "select subject_id from audit.events where org_id = $1 and action = 'contact.access_changed'",
      [org.id],
    );
    expect(events.map(({ subject_id }) => subject_id).sort()).toEqual(
      contacts.map(({ id }) => id).sort(),
    );
    const event = await send(of('TWO'));
    expect(event.body.sent).toBe(0);
  });
});

describe('the list of customers', () => {
  test('finds who has no link, whose ends within 14 days, and who never opened theirs', async () => {
    expect(await listed('filter=no_link')).toEqual(['NONE', 'ONE', 'TWO']);
    expect(await listed('filter=never_opened')).toEqual([]);
    const one = await makeLink(stack, org, 'ONE');
    const two = await makeLink(stack, org, 'TWO');
    expect(await listed('filter=no_link')).toEqual(['NONE']);
    expect(await listed('filter=never_opened')).toEqual(['ONE', 'TWO']);
    await openLink(stack, one.url);
    expect(await listed('filter=never_opened')).toEqual(['TWO']);
    expect(await listed('filter=expiring')).toEqual([]);
    await stack.sql(
      "update staff.access_links set expires_at = now() + interval '13 days' where id = $1",
      [two.id],
    );
    expect(await listed('filter=expiring')).toEqual(['TWO']);
    expect(await listed('filter=expiring&q=one')).toEqual([]);
    const { body } = await org.clerk.get<{
      customers: { code: string; linkExpiresAt: string | null }[];
    }>('customers');
    const ends = Object.fromEntries(body.customers.map((row) => [row.code, row.linkExpiresAt]));
    const days = (at: string | null | undefined) =>
      at ? Math.round((Date.parse(at) - Date.now()) / 86_400_000) : null;
    expect([days(ends.NONE), days(ends.ONE), days(ends.TWO)]).toEqual([null, 90, 13]);
    await org.clerk.post(`links/${two.id}/rotation`);
    expect(await listed('filter=expiring')).toEqual([]);
    expect((await org.clerk.get('customers?filter=other')).status).toBe(422);
  });

  test('finds the one whose key it is, however their code is spelled', async () => {
    await publish(org, [customerRow('AB 1', org), customerRow('AB 12', org)]);
    type Answer = { customers: { code: string }[] };
    const listed = async (key: string) =>
      (await org.clerk.get<Answer>(`customers?key=${key}`)).body.customers.map(({ code }) => code);
    expect(await listed('AB1')).toEqual(['AB 1']);
    expect(await listed('AB')).toEqual([]);
  });

  test('is paged by its key, whatever its filter', async () => {
    const rows = Array.from({ length: 23 }, (_, at) =>
      customerRow(`K${String(at).padStart(2, '0')}`, org),
    );
    await publish(org, rows);
    type Answer = { customers: { code: string }[]; nextCursor: string | null };
    const first = await org.clerk.get<Answer>('customers?filter=no_link&q=K');
    expect(first.body.customers).toHaveLength(20);
    await makeLink(stack, org, 'K05');
    const cursor = encodeURIComponent(first.body.nextCursor ?? '');
    const second = await org.clerk.get<Answer>(`customers?filter=no_link&q=K&cursor=${cursor}`);
    expect(second.body.customers.map(({ code }) => code)).toEqual(['K20', 'K21', 'K22']);
    expect(second.body.nextCursor).toBeNull();
  });
});
