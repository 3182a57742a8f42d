/** What customers ask to have changed, what they choose for themselves, and what staff answer. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PORTAL_PAGES } from '../../vocabulary.ts';
import {
  contactOf,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  setSettings,
  signIn,
} from '../cast.ts';
import { type Customer, openLink, postLanding } from '../clients.ts';
import { openPreview } from '../previews.ts';
import { fingerprintOf, settle } from '../rows-of.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  const rows = orderRows('ANNA', 'A1').map((row) => ({
    ...row,
    delivery_address: 'Dock 4, Harbour Street 1, Gdansk',
  }));
  await publish(
    org,
    [customerRow('ANNA', org), customerRow('BEN', org), ...rows],
    orderFiles('A1'),
  );
});
beforeEach(async () => {
  customer = await signIn(stack, org, 'ANNA');
});

type Change = {
  id: string;
  kind: string;
  fields: Record<string, string>;
  note: string | null;
  status: string;
  reason: string | null;
  decidedAt: string | null;
};
type DeskChange = Change & {
  customer: { code: string };
  contact: { name: string; email: string };
  addresses: string[];
};

let keys = 0;
const ask = (
  body: object,
  { by = customer, key = `change-key-${++keys}` }: { by?: Customer; key?: string } = {},
) => by.post<{ changeRequest: Change }>('change-requests', body, { 'Idempotency-Key': key });
const moved = (address: string, note?: string) => ({
  kind: 'delivery_address',
  fields: { address },
  ...(note && { note }),
});
const own = async (by = customer) =>
  (await by.me<{ changeRequests: Change[] }>('change-requests')).body.changeRequests;
const decide = (id: string, body: object, as = org.clerk) =>
  as.put<{ changeRequest: DeskChange; error?: { code: string } }>(
    `change-requests/${id}/decision`,
    body,
  );
const desk = async (query = '') =>
  (await org.clerk.get<{ changeRequests: DeskChange[] }>(`change-requests${query}`)).body
    .changeRequests;
const eventsOf = (subject: string) =>
  stack.sql<{ action: string; actor_kind: string; detail: Record<string, unknown> }>(
    'select action, actor_kind, detail from audit.events where subject_id = $1 order by at, id',
    [subject],
  );

describe('your details', () => {
  test('say what is held of the person and the company, in one round trip', async () => {
    const before = stack.database.requests('counterfoil_customer');
    const { status, body } = await customer.me<{
      contact: object;
      customer: object;
      deliveryAddresses: string[];
      preferences: object;
    }>('details');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      contact: { name: 'Contact of ANNA', email: `anna@${org.slug}.customer.example` },
      customer: { code: 'ANNA', name: 'Customer ANNA' },
      deliveryAddresses: ['Dock 4, Harbour Street 1, Gdansk'],
      preferences: { language: 'en', mutedMail: [] },
    });
    expect(stack.database.requests('counterfoil_customer')).toBe(before + 1);
    const page = await (await customer.page('/details')).text();
    expect(page).toContain('"resources":{"details":{');
    expect(page).toContain('Dock 4, Harbour Street 1, Gdansk');
  });

  test('of another customer stay with them', async () => {
    await ask(moved('Only Anna knows'));
    const ben = await signIn(stack, org, 'BEN');
    expect(await own(ben)).toEqual([]);
    const { body } = await ben.me('details');
    expect(JSON.stringify(body)).not.toMatch(/Anna|Dock 4/);
  });

  test('of a colleague stay with the colleague', async () => {
    await publish(org, [
      { ...customerRow('ANNA', org), contact_email: `second@${org.slug}.customer.example` },
    ]);
    await ask({ kind: 'contact_details', fields: { phone: '+48 600 100 200' } });
    const [second] = await stack.sql<{ id: string }>(
      'select id from portal.contacts where org_id = $1 and email = $2',
      [org.id, `second@${org.slug}.customer.example`],
    );
    const { customerId } = await contactOf(stack, org, 'ANNA');
    const { body } = await org.clerk.post<{ url: string }>(`customers/${customerId}/links`, {
      contactId: second?.id,
      scope: 'all',
      delivery: 'copy',
    });
    expect(await own(await openLink(stack, body.url))).toEqual([]);
  });
});

describe('a request for a change', () => {
  test('is one, however often it is sent, and the person reads how it stands', async () => {
    const change = moved('Harbour Street 2\n80-001 Gdansk', 'From May on');
    const key = 'sent-twice-at-once';
    const answers = await Promise.all([1, 2, 3].map(() => ask(change, { key })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const [first] = answers;
    expect(first?.body.changeRequest).toMatchObject({ ...change, status: 'open', reason: null });
    // The same words again while it is open, from another form.
    const again = await ask(change);
    expect(again.status).toBe(200);
    expect(again.body.changeRequest.id).toBe(first?.body.changeRequest.id);
    expect((await own()).filter(({ note }) => note === 'From May on')).toHaveLength(1);
    expect(await ask(moved('Elsewhere'), { key })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
    const events = await eventsOf(first?.body.changeRequest.id ?? '');
    expect(events).toMatchObject([
      {
        action: 'change.requested',
        actor_kind: 'customer',
        detail: { kind: 'delivery_address', fields: ['address'] },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('Harbour');
  });

  test('changes nothing that is published', async () => {
    const before = await customer.me<{ contact: object; deliveryAddresses: string[] }>('details');
    const { body } = await ask({ kind: 'contact_details', fields: { name: 'Anna B.' } });
    expect((await decide(body.changeRequest.id, { status: 'accepted' })).status).toBe(200);
    const { body: after } = await customer.me<{ contact: object; deliveryAddresses: string[] }>(
      'details',
    );
    expect(after.contact).toEqual(before.body.contact);
    expect(after.deliveryAddresses).toEqual(before.body.deliveryAddresses);
  });

  test.each([
    ['nothing', { kind: 'contact_details', fields: {} }],
    ['no address', { kind: 'delivery_address', fields: {} }],
    ['blanks', moved('   ')],
    ['no mail address', { kind: 'contact_details', fields: { email: 'anna' } }],
    ['another field', { kind: 'contact_details', fields: { access: 'ended' } }],
    ['another kind', { kind: 'credit_limit', fields: { address: 'x' } }],
    ['too long an address', moved('x'.repeat(501))],
    ['too long a note', moved('x', 'y'.repeat(1_001))],
    ['two lines for a name', { kind: 'contact_details', fields: { name: 'a\r\nBcc: b' } }],
    ['a NUL', moved('a\0b')],
  ])('for %s is refused', async (_, body) => {
    const count = (await own()).length;
    expect(await ask(body)).toMatchObject({ status: 422, body: { error: { code: 'invalid' } } });
    expect(await own()).toHaveLength(count);
  });

  test('without a key is refused', async () => {
    expect((await customer.post('change-requests', moved('Key Street'))).status).toBe(422);
  });

  test('of hostile words is text, whole, on both sides', async () => {
    const address = `</script><script>alert(1)</script> "'&amp; ${'é'.repeat(10)}`;
    const { body } = await ask(moved(address));
    expect(body.changeRequest.fields).toEqual({ address });
    const page = await (await customer.page('/details')).text();
    expect(page).not.toContain('<script>alert');
    expect((await desk()).find(({ id }) => id === body.changeRequest.id)?.fields).toEqual({
      address,
    });
  });
});

describe('staff', () => {
  test('see open ones first, with what is held beside them', async () => {
    const { body } = await ask(moved('New Dock 7'));
    const { body: other } = await ask({ kind: 'contact_details', fields: { phone: '12 34' } });
    await decide(other.changeRequest.id, { status: 'accepted' });
    const listed = await desk();
    expect(listed.find(({ id }) => id === body.changeRequest.id)).toMatchObject({
      fields: { address: 'New Dock 7' },
      customer: { code: 'ANNA' },
      contact: { name: 'Contact of ANNA', email: `anna@${org.slug}.customer.example` },
      addresses: ['Dock 4, Harbour Street 1, Gdansk'],
    });
    const open = listed.map(({ status }) => status === 'open');
    expect(open).toEqual([...open].sort((a, b) => Number(b) - Number(a)));
    expect((await desk('?status=accepted')).map(({ id }) => id)).toContain(other.changeRequest.id);
    const { customerId } = await contactOf(stack, org, 'BEN');
    expect(await desk(`?customer=${customerId}`)).toEqual([]);
    const { body: alerts } = await org.clerk.get<{ openChanges: number }>('alerts');
    expect(alerts.openChanges).toBe(listed.filter(({ status }) => status === 'open').length);
  });

  test('page through them without missing or repeating one', async () => {
    const many = await makeOrg(stack);
    await publish(many, [customerRow('MANY', many)]);
    const { customerId, contactId } = await contactOf(stack, many, 'MANY');
    await stack.sql(
      `insert into portal.change_requests (org_id, customer_id, contact_id, kind, fields, status, decided_at, idempotency_key)
       select $1, $2, $3, 'delivery_address', '{"address": "x"}', case when n % 2 = 0 then 'open' else 'accepted' end,
              case when n % 2 = 1 then now() end, 'key-' || n from generate_series(1, 45) n`,
      [many.id, customerId, contactId],
    );
    const seen: DeskChange[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 5; pages += 1) {
      const path: string = `change-requests${cursor && `?cursor=${encodeURIComponent(cursor)}`}`;
      const { body } = await many.clerk.get<{
        changeRequests: DeskChange[];
        nextCursor: string | null;
      }>(path);
      seen.push(...body.changeRequests);
      cursor = body.nextCursor;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(45);
    expect(seen.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 22 }, () => 'open'),
      ...Array.from({ length: 23 }, () => 'accepted'),
    ]);
    expect((await many.clerk.get('change-requests?cursor=9@x~y')).status).toBe(422);
  });

  test('decline with a reason, which the person reads in the portal and in a mail', async () => {
    const { body } = await ask(moved('The Moon'));
    const { id } = body.changeRequest;
    const reason = 'We do not deliver there.\n<b>Sorry</b>';
    expect((await decide(id, { status: 'declined' })).status).toBe(422);
    expect((await decide(id, { status: 'declined', reason })).body.changeRequest).toMatchObject({
      status: 'declined',
      reason,
    });
    expect((await own()).find((one) => one.id === id)).toMatchObject({
      status: 'declined',
      reason,
      decidedAt: expect.any(String),
    });
    await settle(stack, [org.id]);
    const mails = stack.mail
      .mails()
      .filter(({ subject, to }) => /declined/.test(subject) && to[0]?.includes(org.slug));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('> We do not deliver there.\n> <b>Sorry</b>');
    expect(mails[0]?.html).toContain('&lt;b&gt;Sorry&lt;/b&gt;');
    const [url = ''] = /http\S+\/customer\/\S+/.exec(mails[0]?.text ?? '') ?? [];
    const landing = await (await stack.fetch(url)).text();
    const [, to = ''] = /name="to" value="([^"]*)"/.exec(landing) ?? [];
    expect((await postLanding(stack, url, { to })).headers.get('Location')).toBe('/details');
    expect((await eventsOf(id)).map(({ action }) => action)).toEqual([
      'change.requested',
      'change.declined',
    ]);
    expect(JSON.stringify(await eventsOf(id))).not.toMatch(/Moon|deliver there/);
  });

  test('answer once: the same again is the same, another is a conflict', async () => {
    const { body } = await ask(moved('Once Street'));
    const { id } = body.changeRequest;
    expect((await decide(id, { status: 'accepted' })).status).toBe(200);
    expect((await decide(id, { status: 'accepted' }, org.approver)).status).toBe(200);
    expect(await decide(id, { status: 'declined', reason: 'No, after all' })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
    expect((await eventsOf(id)).map(({ action }) => action)).toEqual([
      'change.requested',
      'change.accepted',
    ]);
    // What was answered may be asked for again.
    expect((await ask(moved('Once Street'))).status).toBe(201);
  });

  test('of another supplier, and machines, decide nothing', async () => {
    const { body } = await ask(moved('Wall Street'));
    const other = await makeOrg(stack, 'Borealis');
    const answer = { status: 'accepted' };
    expect((await decide(body.changeRequest.id, answer, other.clerk)).status).toBe(404);
    expect((await decide(body.changeRequest.id, answer, org.service)).status).toBe(403);
    expect((await own()).find(({ id }) => id === body.changeRequest.id)?.status).toBe('open');
  });
});

describe('preferences', () => {
  test('are kept, with an event when they change, and none when they do not', async () => {
    const { contactId } = await contactOf(stack, org, 'ANNA');
    const since = (await eventsOf(contactId)).length;
    const put = (body: object) =>
      customer.put<{ preferences: { language: string; mutedMail: string[] } }>('preferences', body);
    expect((await put({ language: 'pl' })).body.preferences).toEqual({
      language: 'pl',
      mutedMail: [],
    });
    const muted = await put({ mutedMail: ['statements', 'issues', 'issues'] });
    expect(muted.body.preferences).toEqual({ language: 'pl', mutedMail: ['issues', 'statements'] });
    await put({ language: 'pl', mutedMail: ['statements', 'issues'] });
    const { body } = await customer.me<{ preferences: object }>('preferences');
    expect(body.preferences).toEqual({ language: 'pl', mutedMail: ['issues', 'statements'] });
    expect((await eventsOf(contactId)).slice(since)).toMatchObject([
      { action: 'preferences.changed', detail: { language: 'pl' } },
      { action: 'preferences.changed', detail: { muted: ['issues', 'statements'] } },
    ]);
    await put({ language: 'en', mutedMail: [] });
  });

  test.each([
    ['nothing', {}],
    ['a language that we do not have', { language: 'xx' }],
    ['a topic that there is not', { mutedMail: ['links'] }],
    ['another field', { language: 'en', access: 'ended' }],
  ])('of %s are refused', async (_, body) => {
    expect((await customer.put('preferences', body)).status).toBe(422);
  });

  test('and requests are not a preview’s to make', async () => {
    const { contactId } = await contactOf(stack, org, 'ANNA');
    const { customer: preview } = await openPreview(stack, org.clerk, contactId);
    const before = await fingerprintOf(stack, org.id);
    expect((await preview.me('details')).status).toBe(200);
    expect((await preview.put('preferences', { language: 'pl' })).status).toBe(403);
    expect((await ask(moved('Preview Street'), { by: preview })).status).toBe(403);
    const after = await fingerprintOf(stack, org.id);
    for (const table of ['portal.contacts', 'portal.change_requests', 'staff.outbox']) {
      expect(after[table], table).toBe(before[table]);
    }
  });
});

describe('the language of every page', () => {
  test('is what was chosen here, else what they chose, else the browser’s, else the supplier’s', async () => {
    const supplier = await makeOrg(stack, 'Borealis');
    await publish(supplier, [customerRow('NINA', supplier), ...orderRows('NINA', 'N1')]);
    await setSettings(supplier, { locale: 'es' });
    const nina = await signIn(stack, supplier, 'NINA');
    const { body } = await nina.me<{ orders: { id: string }[] }>('home');
    const languagesOf = async (browser: string, cookie = '') => {
      const pages = PORTAL_PAGES.filter((page) => !/^.(invoices|issues)..id$/.test(page));
      const before = stack.database.requests('counterfoil_customer');
      const found = pages.map(async (page) => {
        const path = page.replace(':id', body.orders[0]?.id ?? '');
        const headers = { Cookie: `${nina.cookie}${cookie}`, 'Accept-Language': browser };
        const text = await (await stack.fetch(PORTAL + path, { headers })).text();
        const [, html] = /<html lang="(\w+)"/.exec(text) ?? [];
        expect(text, page).toContain(`id="page">{"locale":"${html}"`);
        return html;
      });
      const languages = [...new Set(await Promise.all(found))];
      expect(stack.database.requests('counterfoil_customer') - before).toBe(pages.length);
      return languages;
    };
    expect(await languagesOf('de')).toEqual(['es']);
    expect(await languagesOf('en, de')).toEqual(['en']);
    await nina.put('preferences', { language: 'pl' });
    expect(await languagesOf('en, de')).toEqual(['pl']);
    expect(await languagesOf('de', '; locale=en')).toEqual(['en']);
    await nina.signOut();
    const ended = await nina.page('/orders');
    expect([ended.status, await ended.text()]).toEqual([
      401,
      expect.stringContaining('<html lang="pl"'),
    ]);
  });
});
