/** Which mails a person gets: in their language, of the topics they want, and how a letter ends its own. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeChange,
  makeOrg,
  type Org,
  orderRows,
  publish,
  signIn,
} from '../cast.ts';
import { mailsTo } from '../mailbox.ts';
import { fingerprintOf, settle } from '../rows-of.ts';
import { CONSOLE, PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let contactId: string;
let address: string;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org)]);
  ({ contactId } = await contactOf(stack, org, 'ANNA'));
  address = `anna@${org.slug}.customer.example`;
});

let orders = 0;
/** News for Anna: the letter of topic `documents` that a publish sends, if it sends one. */
async function news() {
  orders += 1;
  await publish(org, orderRows('ANNA', `N${orders}`).slice(0, 1));
  await settle(stack, [org.id]);
  return mailsTo(stack, address);
}
/** The answer to a request for a change: a letter of topic `issues`. */
async function answer() {
  const id = await makeChange(stack, org, 'ANNA');
  await org.clerk.put(`change-requests/${id}/decision`, { status: 'accepted' });
  await settle(stack, [org.id]);
}
const muted = async () => {
  const [row] = await stack.sql<{ muted_mail: string[] }>(
    'select muted_mail from portal.contacts where id = $1',
    [contactId],
  );
  return row?.muted_mail;
};
const unsubscribed = () =>
  stack.sql<{ actor_kind: string; detail: object }>(
    "select actor_kind, detail from audit.events where action = 'mail.unsubscribed' and contact_id = $1",
    [contactId],
  );
async function keyUrl(): Promise<string> {
  const [letter] = await news();
  return (letter?.headers['List-Unsubscribe'] ?? '').slice(1, -1);
}
let visitors = 0;
const from = () => {
  visitors += 1;
  return { 'CF-Connecting-IP': `192.0.2.${visitors}` };
};
const post = (url: string, init: RequestInit = {}) =>
  stack.fetch(url, { method: 'POST', ...init, headers: { ...from(), ...init.headers } });

describe('a letter of a topic', () => {
  test('says in its headers and at its foot how to have no more of it', async () => {
    const [letter] = await news();
    expect(letter?.headers).toEqual({
      'List-Unsubscribe': expect.stringMatching(
        /^<http:\/\/portal\.test\/unsubscribe\/cfu01_[0-9A-Za-z]{43}>$/,
      ),
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    const url = letter?.headers['List-Unsubscribe']?.slice(1, -1) ?? '';
    expect(letter?.text.trimEnd().endsWith(url)).toBe(true);
    expect(letter?.html).toContain(`href="${url}"`);
    const kept = await stack.sql<{ key_hash: string; topic: string }>(
      'select key_hash, topic from staff.unsubscribe_keys where contact_id = $1',
      [contactId],
    );
    expect(kept).toMatchObject([{ topic: 'documents' }]);
    expect(kept[0]?.key_hash).toMatch(/^[0-9a-f]{64}$/);
    // The key itself is in the letter, and nowhere else.
    const rows = await stack.sql<{ held: string }>(
      'select o::text as held from staff.outbox o where contact_id = $1',
      [contactId],
    );
    expect(JSON.stringify(rows)).not.toContain('cfu01_');
  });

  test('is in the language that the person chose', async () => {
    const customer = await signIn(stack, org, 'ANNA');
    await customer.put('preferences', { language: 'pl' });
    expect((await news())[0]?.html).toContain('<html lang="pl"');
    await customer.put('preferences', { language: 'es' });
    await answer();
    const [newest] = mailsTo(stack, address);
    expect(newest?.subject).toContain('hemos anotado su cambio');
    expect(newest?.headers['List-Unsubscribe']).toBeDefined();
  });

  test('is not sent while they want none, and is again when they do', async () => {
    const customer = await signIn(stack, org, 'ANNA');
    await customer.put('preferences', { mutedMail: ['documents'] });
    expect(await news()).toEqual([]);
    await answer();
    expect(mailsTo(stack, address)).toHaveLength(1);
    await customer.put('preferences', { mutedMail: ['issues'] });
    await answer();
    expect(mailsTo(stack, address)).toHaveLength(1);
    expect(await news()).toHaveLength(2);
  });

  test('that waits when they say so is not sent any more', async () => {
    await stack.sql(
      `insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params, due_at)
       values ($1, 'waiting', $2, $3, 'documents-ready', 'en', '{"documents": 1, "orders": 0}', now() + interval '1 hour')`,
      [org.id, address, contactId],
    );
    await (await signIn(stack, org, 'ANNA')).put('preferences', { mutedMail: ['documents'] });
    await stack.sql(
      "update staff.outbox set due_at = now() where event = 'waiting' and org_id = $1",
      [org.id],
    );
    await settle(stack, [org.id]);
    expect(mailsTo(stack, address)).toEqual([]);
    expect(
      await stack.sql(
        "select state, last_error from staff.outbox where event = 'waiting' and org_id = $1",
        [org.id],
      ),
    ).toEqual([{ state: 'dead', last_error: 'mail_muted' }]);
  });
});

test('a link that a person asked for is of no topic: it comes whatever they muted', async () => {
  await stack.sql(
    "update portal.contacts set muted_mail = '{documents,tracking,issues,statements}', chosen_language = 'pl' where id = $1",
    [contactId],
  );
  const asked = await stack.fetch(`${PORTAL}/api/portal/link-requests`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...from() },
    body: JSON.stringify({ org: org.code, customer: address }),
  });
  expect(asked.status).toBe(202);
  await settle(stack, [org.id]);
  const [letter] = mailsTo(stack, address);
  expect(letter?.html).toContain('<html lang="pl"');
  expect(letter?.headers).toEqual({});
  expect(letter?.text).not.toContain('unsubscribe');
});

describe('the unsubscribe page', () => {
  test('names the supplier and the topic in the reader’s language, and changes nothing', async () => {
    const url = await keyUrl();
    const before = await fingerprintOf(stack, org.id);
    for (const [language, said] of [
      ['en', 'Acme Manufacturing will send you no more mail about new documents and orders.'],
      ['es', 'Acme Manufacturing dejará de enviarle correos sobre nuevos documentos y pedidos.'],
      ['pl', 'nowych dokumentach i zamówieniach'],
    ] as const) {
      const page = await stack.fetch(url, { headers: { 'Accept-Language': language, ...from() } });
      expect(page.status).toBe(200);
      const html = await page.text();
      expect(html).toContain(said);
      expect(html.match(/<button/g)).toHaveLength(1);
      expect(html).not.toMatch(/<script|anna/i);
      expect(page.headers.get('Content-Security-Policy')).not.toContain('script-src');
    }
    expect((await stack.fetch(url, { method: 'HEAD', headers: from() })).status).toBe(200);
    expect(await fingerprintOf(stack, org.id)).toEqual(before);
  });

  test('ends the mail with its button, from a browser, once', async () => {
    const url = await keyUrl();
    const form = {
      headers: {
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: '',
    };
    const done = await post(url, form);
    expect(done.status).toBe(200);
    const html = await done.text();
    expect(html).toContain('Acme Manufacturing sends you no more mail about new documents');
    expect(html).toContain('href="/details"');
    expect((await post(url, form)).status).toBe(200);
    expect(await muted()).toEqual(['documents']);
    expect(await unsubscribed()).toEqual([
      { actor_kind: 'visitor', detail: { topic: 'documents' } },
    ]);
    expect(await news()).toHaveLength(1);
    // And it is undone where the page says so.
    await (await signIn(stack, org, 'ANNA')).put('preferences', { mutedMail: [] });
    expect(await news()).toHaveLength(2);
  });

  test.each([
    ['without a body', {}],
    [
      'with the body of RFC 8058',
      {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      },
    ],
    [
      'as multipart, from elsewhere',
      {
        headers: {
          'Content-Type': 'multipart/form-data; boundary=x',
          Origin: 'https://mail.example',
          'Sec-Fetch-Site': 'cross-site',
        },
        body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      },
    ],
  ])('is posted to by mail providers %s', async (_, init) => {
    const url = await keyUrl();
    expect((await post(url, init)).status).toBe(200);
    expect(await muted()).toEqual(['documents']);
  });

  test('tells nothing of a key that is unknown, cut short or forgotten', async () => {
    const url = await keyUrl();
    const unknown = `${PORTAL}/unsubscribe/cfu01_${'0'.repeat(43)}`;
    const pages = await Promise.all(
      [unknown, url.slice(0, -1), `${PORTAL}/unsubscribe/x`].flatMap((path) => [
        stack.fetch(path, { headers: from() }),
        post(path),
      ]),
    );
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([404]));
    const texts = new Set(await Promise.all(pages.map((page) => page.text())));
    expect(texts.size).toBe(1);
    expect([...texts][0]).toContain('This link is not known');
    expect([...texts][0]).not.toContain('Acme');
    expect(await muted()).toEqual([]);
    expect((await stack.fetch(url.replace(PORTAL, CONSOLE), { headers: from() })).status).toBe(404);
  });

  test('answers an address that tries many keys no more', async () => {
    const headers = { 'CF-Connecting-IP': '192.0.2.250' };
    const statuses: number[] = [];
    // The shield counts by the minute of the clock, and one may end while we try.
    while (statuses.at(-1) !== 429 && statuses.length <= 121) {
      const key = `cfu01_${String(statuses.length).padStart(43, '0')}`;
      const page = await stack.fetch(`${PORTAL}/unsubscribe/${key}`, { headers });
      statuses.push(page.status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.slice(0, -1).every((status) => status === 404)).toBe(true);
    expect(statuses.length).toBeGreaterThan(60);
  });

  test('forgets a key after 400 days, and its key is in no log', async () => {
    const url = await keyUrl();
    await post(url);
    expect(stack.takeLogs()).not.toContain(url.split('/').at(-1));
    const age = (days: number) =>
      stack.sql(
        'update staff.unsubscribe_keys set created_at = now() - make_interval(days => $2::int) where contact_id = $1',
        [contactId, days],
      );
    await age(399);
    await stack.scheduled('41 3 * * *');
    expect((await stack.fetch(url, { headers: from() })).status).toBe(200);
    await age(401);
    await stack.scheduled('41 3 * * *');
    expect((await stack.fetch(url, { headers: from() })).status).toBe(404);
  });
});
