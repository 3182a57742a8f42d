/** What became of mail: the provider's word, addresses that are written to no more, and who is told. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MailEvent, signedHeaders } from '../../../scripts/local/resend-webhook.ts';
import type { AlertKind } from '../../vocabulary.ts';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderRows,
  publish,
} from '../cast.ts';
import { openLink } from '../clients.ts';
import { mailsTo } from '../mailbox.ts';
import { settle } from '../rows-of.ts';
import { PORTAL, type Stack, useStack, WEBHOOK_SECRET } from '../stack.ts';

let stack: Stack;
let org: Org;
let customerId: string;
let contactId: string;
let address: string;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org)]);
  ({ customerId, contactId } = await contactOf(stack, org, 'ANNA'));
  address = `anna@${org.slug}.customer.example`;
});

const sendLink = () =>
  org.clerk.post(`customers/${customerId}/links`, { contactId, delivery: 'mail' });
/** A letter to Anna that the provider took: our id, and its own. */
async function letter(): Promise<{ id: string; mail: string }> {
  expect((await sendLink()).status).toBe(202);
  await settle(stack, [org.id]);
  const [mail] = mailsTo(stack, address);
  return {
    id: mail?.tags.find(({ name }) => name === 'letter')?.value ?? '',
    mail: mail?.id ?? '',
  };
}
/** A letter to Anna that waits for an hour, unless it is made due. */
async function waiting(): Promise<() => Promise<unknown>> {
  await stack.sql(
    `insert into staff.outbox (org_id, event, recipient, contact_id, template, language, due_at)
     values ($1, 'waiting', $2, $3, 'access-link', 'en', now() + interval '1 hour')`,
    [org.id, address, contactId],
  );
  return () =>
    stack.sql("update staff.outbox set due_at = now() where org_id = $1 and event = 'waiting'", [
      org.id,
    ]);
}
type Shown = {
  letter: {
    state: string;
    fate: string | null;
    fateDetail: string | null;
    lastError: string | null;
    suppression: { id: string; reason: string } | null;
    told: { fate: string }[];
    scope: string | null;
    stands: boolean;
  };
};
const shown = async (id: string) => (await org.clerk.get<Shown>(`outbox/${id}`)).body.letter;
const alerts = async () =>
  (await org.clerk.get<{ alerts: { kind: AlertKind; params: Record<string, string> }[] }>('alerts'))
    .body.alerts;
const actions = async (action: string) =>
  stack.sql<{ subject_id: string; detail: object; actor_kind: string }>(
    'select subject_id, detail, actor_kind from audit.events where org_id = $1 and action = $2',
    [org.id, action],
  );
const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const tell = (mail: string, type: MailEvent, options = {}) =>
  stack.mail.sendEvent(mail, type, options);

/** An event as the provider would write it, but for what a test changes. */
const eventOf = (mail: string, type = 'email.delivered', more: object = {}) =>
  JSON.stringify({
    type,
    created_at: new Date().toISOString(),
    data: { email_id: mail, to: [address], ...more },
  });
const post = (body: string, headers: Record<string, string>) =>
  stack.fetch(`${PORTAL}/hooks/resend`, { method: 'POST', body, headers });

describe('who may tell us', () => {
  test('a body that another secret signed, that was changed or that is old changes nothing', async () => {
    const { id, mail } = await letter();
    const body = eventOf(mail);
    const other = `whsec_${Buffer.from('somebody else has this one').toString('base64')}`;
    const refused = [
      signedHeaders(other, body),
      signedHeaders(WEBHOOK_SECRET, `${body} `),
      signedHeaders(WEBHOOK_SECRET, body, 'msg_old', minutes(-6)),
      signedHeaders(WEBHOOK_SECRET, body, 'msg_new', minutes(6)),
      {},
    ];
    for (const headers of refused) {
      expect((await post(body, headers)).status).toBe(401);
    }
    expect(await shown(id)).toMatchObject({ fate: null, told: [] });
    expect((await post(body, signedHeaders(WEBHOOK_SECRET, body))).status).toBe(200);
    expect(await shown(id)).toMatchObject({ fate: 'delivered' });
  });

  test('mail that is not ours, and events that are no mail’s fate, are taken and change nothing', async () => {
    const { id, mail } = await letter();
    for (const body of [
      eventOf(crypto.randomUUID(), 'email.bounced', { bounce: { type: 'Permanent' } }),
      eventOf(crypto.randomUUID(), 'email.bounced', { tags: { letter: 'not-an-id' } }),
      eventOf(mail, 'email.opened'),
      JSON.stringify({ type: 'contact.created' }),
    ]) {
      expect((await post(body, signedHeaders(WEBHOOK_SECRET, body))).status).toBe(200);
    }
    expect(await shown(id)).toMatchObject({ fate: null, told: [], suppression: null });
    for (const body of ['', '[]', '{"type": "email.bounced"}']) {
      expect((await post(body, signedHeaders(WEBHOOK_SECRET, body))).status).toBe(422);
    }
  });

  test('a body of 100 kB is not read', async () => {
    const body = eventOf('x', 'email.delivered', { padding: 'x'.repeat(100_000) });
    expect((await post(body, signedHeaders(WEBHOOK_SECRET, body))).status).toBe(413);
  });
});

describe('what became of a letter', () => {
  test('the same event twice is heard once', async () => {
    const { id, mail } = await letter();
    for (let time = 0; time < 2; time += 1) {
      expect(await tell(mail, 'email.bounced', { svixId: `msg_${id}` })).toBe(200);
    }
    expect((await shown(id)).told).toHaveLength(1);
    expect(await actions('mail.bounced')).toHaveLength(1);
  });

  test('the latest word counts, in whatever order they come', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.delivered', { at: minutes(-1) });
    await tell(mail, 'email.delivery_delayed', { at: minutes(-2) });
    expect(await shown(id)).toMatchObject({ fate: 'delivered' });
    expect((await shown(id)).told.map(({ fate }) => fate)).toEqual(['delayed', 'delivered']);
  });

  test('a bounce is not undone by a late word that it was delivered', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.delivered', { at: minutes(-3) });
    await tell(mail, 'email.bounced', { at: minutes(-2) });
    await tell(mail, 'email.delivered', { at: minutes(-1) });
    expect(await shown(id)).toMatchObject({
      fate: 'bounced',
      fateDetail: 'The mailbox does not exist.',
    });
    await tell(mail, 'email.complained', { at: minutes(0) });
    expect(await shown(id)).toMatchObject({ fate: 'complained' });
  });

  test('an event that comes before the provider’s answer was kept finds its letter by its tag', async () => {
    const { id } = await letter();
    await stack.sql('update staff.outbox set provider_id = null where id = $1', [id]);
    const body = eventOf(crypto.randomUUID(), 'email.delivered', { tags: { letter: id } });
    await post(body, signedHeaders(WEBHOOK_SECRET, body));
    expect(await shown(id)).toMatchObject({ fate: 'delivered' });
  });
});

describe('an address that is written to no more', () => {
  test('a hard bounce tells staff and ends all mail to the address, until staff lift it', async () => {
    const { id, mail } = await letter();
    const due = await waiting();
    await tell(mail, 'email.bounced');
    expect(await alerts()).toMatchObject([
      { kind: 'mail_bounced', params: { letter: id, customer: customerId, recipient: address } },
    ]);
    const { suppression } = await shown(id);
    expect(suppression).toMatchObject({ reason: 'bounced' });

    await due();
    await settle(stack, [org.id]);
    await publish(org, orderRows('ANNA', 'NEW').slice(0, 1));
    expect(await sendLink()).toMatchObject({
      status: 409,
      body: { error: { code: 'address_suppressed' } },
    });
    expect((await org.clerk.post('links', { customerIds: [customerId] })).body).toMatchObject({
      sent: 0,
      leftOut: [{ reason: 'address_suppressed' }],
    });
    await settle(stack, [org.id]);
    expect(mailsTo(stack, address)).toHaveLength(1);
    const dead = await stack.sql(
      "select last_error from staff.outbox where org_id = $1 and state = 'dead'",
      [org.id],
    );
    expect(dead).toEqual([{ last_error: 'address_suppressed' }]);
    // What was kept back on purpose is no further alert.
    expect(await alerts()).toHaveLength(1);
    const { body } = await org.clerk.get<{ contacts: { suppression: { id: string } }[] }>(
      `customers/${customerId}`,
    );
    expect(body.contacts[0]?.suppression.id).toBe(suppression?.id);

    const lift = () => org.clerk.put(`suppressions/${suppression?.id}`, { lifted: true });
    expect([(await lift()).status, (await lift()).status]).toEqual([204, 204]);
    expect(await actions('suppression.lifted')).toMatchObject([
      { subject_id: suppression?.id, actor_kind: 'staff' },
    ]);
    expect((await sendLink()).status).toBe(202);
    await settle(stack, [org.id]);
    expect(mailsTo(stack, address)).toHaveLength(2);
  });

  test('a word from before it was lifted does not end mail again', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.bounced', { at: minutes(-2) });
    await org.clerk.put(`suppressions/${(await shown(id)).suppression?.id}`, { lifted: true });
    await tell(mail, 'email.bounced', { at: minutes(-1) });
    expect((await shown(id)).suppression).toBeNull();
  });

  test('a complaint ends mail too, and is told as one', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.delivered', { at: minutes(-1) });
    await tell(mail, 'email.complained');
    expect((await shown(id)).suppression).toMatchObject({ reason: 'complained' });
    expect((await alerts()).map(({ kind }) => kind)).toEqual(['mail_complained']);
    expect(await actions('mail.complained')).toHaveLength(1);
  });

  test('a mailbox that is full today is written to tomorrow', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.bounced', { bounce: 'Transient' });
    expect(await shown(id)).toMatchObject({
      fate: 'bounced',
      fateDetail: 'The mailbox is full.',
      suppression: null,
    });
    expect((await sendLink()).status).toBe(202);
  });

  test('what came back once is told to staff, who send it again, once', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.bounced', { bounce: 'Transient' });
    expect(await alerts()).toMatchObject([
      { kind: 'mail_bounced', params: { letter: id, reason: 'The mailbox is full.' } },
    ]);
    stack.mail.fault = { status: 503 };
    try {
      expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(202);
      await expect.poll(async () => (await shown(id)).lastError).not.toBeNull();
      expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(409);
    } finally {
      stack.mail.fault = null;
    }
    // What is still to be said of the first mail is not said of the second.
    const late = eventOf(mail, 'email.bounced', { tags: { letter: id } });
    expect((await post(late, signedHeaders(WEBHOOK_SECRET, late))).status).toBe(200);
    expect(await shown(id)).toMatchObject({ state: 'queued', fate: null });
    await stack.sql('update staff.outbox set due_at = now() where id = $1', [id]);
    await settle(stack, [org.id]);
    expect(mailsTo(stack, address)).toHaveLength(2);
    await tell(mailsTo(stack, address)[0]?.id ?? '', 'email.delivered');
    expect(await shown(id)).toMatchObject({ state: 'sent', fate: 'delivered' });
    // What arrived is not sent once more.
    expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(409);
    expect(await alerts()).toHaveLength(1);
  });

  test('what came back for good is sent again once its address may be written to', async () => {
    const { id, mail } = await letter();
    await tell(mail, 'email.bounced');
    expect(await org.clerk.post(`outbox/${id}/retry`)).toMatchObject({
      status: 409,
      body: { error: { code: 'address_suppressed' } },
    });
    await org.clerk.put(`suppressions/${(await shown(id)).suppression?.id}`, { lifted: true });
    expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(202);
  });

  test('it is one supplier’s, even where another writes to the same address', async () => {
    const other = await makeOrg(stack, 'Borealis');
    await publish(other, [{ ...customerRow('B', other), contact_email: address }]);
    const { mail } = await letter();
    await tell(mail, 'email.bounced');
    const theirs = await contactOf(stack, other, 'B');
    const sent = await other.clerk.post(`customers/${theirs.customerId}/links`, {
      contactId: theirs.contactId,
      delivery: 'mail',
    });
    expect(sent.status).toBe(202);
  });

  test('the trail holds no address and none of the provider’s words', async () => {
    const { mail } = await letter();
    await tell(mail, 'email.bounced');
    const told = JSON.stringify([await actions('mail.bounced'), await actions('alert.raised')]);
    expect(told).not.toContain(address);
    expect(told).not.toContain('mailbox');
  });
});

describe('a letter that dies', () => {
  async function deadLetter(write: () => Promise<unknown> = sendLink): Promise<string> {
    stack.mail.fault = { status: 422 };
    try {
      await write();
      await settle(stack, [org.id]);
    } finally {
      stack.mail.fault = null;
    }
    const [row] = await stack.sql<{ id: string }>(
      "select id from staff.outbox where org_id = $1 and state = 'dead'",
      [org.id],
    );
    return row?.id ?? '';
  }

  test('is told to staff, and they send it again', async () => {
    const id = await deadLetter();
    expect(await alerts()).toMatchObject([{ kind: 'mail_died', params: { letter: id } }]);
    const { body } = await org.clerk.get<{ letters: { id: string }[] }>('outbox?state=failed');
    expect(body.letters.map((each) => each.id)).toEqual([id]);

    expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(202);
    await settle(stack, [org.id]);
    expect(await shown(id)).toMatchObject({ state: 'sent', lastError: null });
    expect(mailsTo(stack, address)).toHaveLength(1);
    expect(await actions('mail.requeued')).toMatchObject([{ subject_id: id }]);
    // What was sent is not sent once more.
    expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(409);
  });

  test('is settled as mail, not as a document', async () => {
    const id = await deadLetter();
    const [alert] = (await org.clerk.get<{ alerts: { id: string }[] }>('alerts')).body.alerts;
    expect((await org.clerk.put(`alerts/${alert?.id}`, { resolved: true })).status).toBe(204);
    const settled = await stack.sql(
      "select subject_kind, subject_id from audit.events where org_id = $1 and action = 'alert.resolved'",
      [org.id],
    );
    expect(settled).toEqual([{ subject_kind: 'mail', subject_id: id }]);
  });

  test('opens no more than staff gave its reader since, when it is sent again', async () => {
    const id = await deadLetter(() =>
      org.clerk.post(`customers/${customerId}/links`, {
        contactId,
        delivery: 'mail',
        scope: 'all',
      }),
    );
    expect(await shown(id)).toMatchObject({ scope: 'all' });
    await makeLink(stack, org, 'ANNA', 'no_financials');
    expect(await shown(id)).toMatchObject({ state: 'dead', scope: 'no_financials' });
    expect((await org.clerk.post(`outbox/${id}/retry`)).status).toBe(202);
    await settle(stack, [org.id]);
    expect(await shown(id)).toMatchObject({ state: 'sent', scope: 'no_financials' });
    // Nor does what is sent after it.
    await sendLink();
    await settle(stack, [org.id]);
    expect(mailsTo(stack, address)).toHaveLength(2);
    for (const { text } of mailsTo(stack, address)) {
      const url = /http:\/\/portal\.test\/customer\/\S+/.exec(text ?? '')?.[0] ?? '';
      const { body } = await (await openLink(stack, url)).me<{ link: { scope: string } }>('home');
      expect(body.link.scope).toBe('no_financials');
    }
  });

  test('opens more than its reader had, where staff gave them that with it', async () => {
    await makeLink(stack, org, 'ANNA', 'no_financials');
    const id = await deadLetter(() =>
      org.clerk.post(`customers/${customerId}/links`, {
        contactId,
        delivery: 'mail',
        scope: 'all',
      }),
    );
    await org.clerk.post(`outbox/${id}/retry`);
    await settle(stack, [org.id]);
    expect(await shown(id)).toMatchObject({ state: 'sent', scope: 'all' });
  });

  test('is not sent again once what it tells of was withdrawn', async () => {
    let publishId = '';
    const id = await deadLetter(async () => {
      publishId = await publish(org, orderRows('ANNA', 'GONE').slice(0, 1));
    });
    expect(await shown(id)).toMatchObject({ state: 'dead', stands: true });
    await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Not theirs' });
    expect(await shown(id)).toMatchObject({ state: 'dead', stands: false });
    expect(await org.clerk.post(`outbox/${id}/retry`)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
    await settle(stack, [org.id]);
    expect(mailsTo(stack, address)).toEqual([]);
  });

  test('because its reader was paused is no alert, and is sent once they are allowed again', async () => {
    const due = await waiting();
    await org.clerk.put(`contacts/${contactId}/access`, { access: 'paused' });
    await due();
    await settle(stack, [org.id]);
    const [dead] = (await org.clerk.get<{ letters: { id: string; state: string }[] }>('outbox'))
      .body.letters;
    expect(dead?.state).toBe('dead');
    expect(await alerts()).toEqual([]);
    expect((await org.clerk.post(`outbox/${dead?.id}/retry`)).status).toBe(409);
    await org.clerk.put(`contacts/${contactId}/access`, { access: 'allowed' });
    expect((await org.clerk.post(`outbox/${dead?.id}/retry`)).status).toBe(202);
  });
});

describe('the outbox', () => {
  test('is found by address, template and state, a page at a time, and shows no token', async () => {
    await letter();
    const { body } = await org.clerk.get<{ letters: object[]; nextCursor: string | null }>(
      `outbox?q=${encodeURIComponent(address)}&template=access-link&state=sent`,
    );
    expect(body.letters).toHaveLength(1);
    expect(body.nextCursor).toBeNull();
    expect(JSON.stringify(body)).not.toContain('cfl01_');
    expect((await org.clerk.get<{ letters: object[] }>('outbox?state=dead')).body.letters).toEqual(
      [],
    );
    const behind = `2000-01-01T00:00:00.000000Z~${crypto.randomUUID()}`;
    expect((await org.clerk.get(`outbox?cursor=${behind}`)).body).toEqual({
      letters: [],
      nextCursor: null,
    });
  });
});
