import { beforeAll, describe, expect, test, vi } from 'vitest';
import { contactOf, customerRow, makeOrg, type Org, publish } from '../cast.ts';
import { openLink } from '../clients.ts';
import { mailsTo } from '../mailbox.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  const second = {
    ...customerRow('TWO', org),
    contact_name: 'Second of TWO',
    contact_email: `second@${org.slug}.customer.example`,
  };
  await publish(org, [
    ...['MAIL', 'CODE', 'TWO', 'TWICE', 'EDGE', 'PAUSED', 'ENDED'].map((code) =>
      customerRow(code, org),
    ),
    second,
  ]);
  await stack.minute();
});

let addresses = 0;
const ask = (body: unknown, address = `192.0.2.${++addresses}`) =>
  stack.fetch(`${PORTAL}/api/portal/link-requests`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': address },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const addressOf = (mailbox: string) => `${mailbox}@${org.slug}.customer.example`;
const letters = (mailbox: string) =>
  stack.sql<{ state: string }>(
    "select state from staff.outbox where org_id = $1 and recipient = $2 and event like 'link.requested/%'",
    [org.id, addressOf(mailbox)],
  );
/** The newest letter with a link that somebody asked for; waits for the job that sends it. */
const mailTo = async (mailbox: string) => {
  await stack.minute();
  return vi.waitFor(async () => {
    expect(await letters(mailbox)).toEqual([{ state: 'sent' }]);
    const mails = mailsTo(stack, addressOf(mailbox));
    expect(mails).not.toHaveLength(0);
    return mails[0];
  }, 10_000);
};
const urlIn = (text: string | undefined) =>
  /http:\/\/portal\.test\/customer\/\S+/.exec(text ?? '')?.[0] ?? '';
/** Moves what a contact was sent back in time. */
const ageLetters = (mailbox: string, by: string) =>
  stack.sql(
    `update staff.outbox set created_at = created_at - $3::interval, event = event || '/aged' || id
      where org_id = $1 and recipient = $2`,
    [org.id, addressOf(mailbox), by],
  );

describe('asking for a new link', () => {
  test('has the same answer for an address, a code, and for whom nobody knows', async () => {
    const answers = [];
    for (const customer of [
      addressOf('mail'),
      'CODE',
      'nobody@nowhere.example',
      'NOSUCHCODE',
      "' or true --",
    ]) {
      const response = await ask({ org: org.code, customer });
      const headers = [...response.headers].filter(
        ([name]) => name !== 'x-request-id' && name !== 'date',
      );
      answers.push({ status: response.status, headers, body: await response.text() });
    }
    const unknownOrg = await ask({ org: 'zzzzzz', customer: 'CODE' });
    const [first, ...others] = answers;
    expect(first).toMatchObject({ status: 202, body: '{"status":"accepted"}' });
    for (const other of others) {
      expect(other).toEqual(first);
    }
    expect({ status: unknownOrg.status, body: await unknownOrg.text() }).toEqual({
      status: 202,
      body: '{"status":"accepted"}',
    });
    for (const mailbox of ['mail', 'code']) {
      const mail = await mailTo(mailbox);
      const customer = await openLink(stack, urlIn(mail?.text));
      expect((await customer.me('home')).body).toMatchObject({
        customer: { code: mailbox.toUpperCase() },
      });
    }
    expect(stack.mail.mails().some(({ to }) => to.includes('nobody@nowhere.example'))).toBe(false);
  });

  test('is never answered sooner than a letter is written, even where there is nobody to write to', async () => {
    for (const who of [
      { org: org.code, customer: 'nobody' },
      { org: 'zzzzzz', customer: 'CODE' },
    ]) {
      const asked = performance.now();
      expect((await ask(who)).status).toBe(202);
      expect(performance.now() - asked).toBeGreaterThan(200);
    }
  });

  test('works without a script, as a form that answers with a page', async () => {
    const form = (fields: Record<string, string>) =>
      stack.fetch(`${PORTAL}/api/portal/link-requests`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Origin: PORTAL,
          'Accept-Language': 'es',
          'CF-Connecting-IP': '192.0.2.250',
        },
        body: new URLSearchParams(fields).toString(),
      });
    const known = await form({ org: org.code, customer: ` ${addressOf('TWICE').toUpperCase()} ` });
    const unknown = await form({ org: org.code, customer: 'nobody' });
    expect([known.status, unknown.status]).toEqual([202, 202]);
    const text = await known.text();
    expect(text).toBe(await unknown.text());
    expect(text).toContain('Mire su correo');
    expect(text).not.toContain('twice');
    expect((await mailTo('twice'))?.subject).toBe("Your link to Acme Manufacturing's documents");
    const bad = await form({ org: org.code, customer: '' });
    expect(bad.status).toBe(422);
    expect(bad.headers.get('Content-Type')).toContain('text/html');
  });

  test('by a customer code writes to each contact of it, with a link of their own', async () => {
    expect((await ask({ org: org.code, customer: 'two' })).status).toBe(202);
    const urls = [urlIn((await mailTo('two'))?.text), urlIn((await mailTo('second'))?.text)];
    expect(new Set(urls).size).toBe(2);
    const names = await Promise.all(
      urls.map(async (url) => {
        const { body } = await (await openLink(stack, url)).me<{ contact: { name: string } }>(
          'home',
        );
        return body.contact.name;
      }),
    );
    expect(names).toEqual(['Contact of TWO', 'Second of TWO']);
  });

  test('writes one letter in five minutes, however often it is asked, and six in a day', async () => {
    await Promise.all([1, 2, 3].map(() => ask({ org: org.code, customer: 'EDGE' })));
    expect(await letters('edge')).toHaveLength(1);
    await ageLetters('edge', '4 minutes 50 seconds');
    await ask({ org: org.code, customer: addressOf('edge') });
    expect(await letters('edge')).toHaveLength(1);
    for (let sent = 2; sent <= 6; sent += 1) {
      await ageLetters('edge', '5 minutes');
      await ask({ org: org.code, customer: 'EDGE' });
      expect(await letters('edge')).toHaveLength(sent);
    }
    await ageLetters('edge', '5 minutes');
    await ask({ org: org.code, customer: 'EDGE' });
    expect(await letters('edge')).toHaveLength(6);
    await ageLetters('edge', '1 day');
    await ask({ org: org.code, customer: 'EDGE' });
    expect(await letters('edge')).toHaveLength(7);
  });

  test.each(['paused', 'ended'] as const)(
    'writes nothing to a contact who is %s',
    async (access) => {
      const code = access.toUpperCase();
      const { contactId } = await contactOf(stack, org, code);
      await org.clerk.put(`contacts/${contactId}/access`, { access });
      for (const customer of [code, addressOf(access)]) {
        const response = await ask({ org: org.code, customer });
        expect(response.status).toBe(202);
        expect(await response.text()).toBe('{"status":"accepted"}');
      }
      expect(await letters(access)).toEqual([]);
      await org.clerk.put(`contacts/${contactId}/access`, { access: 'allowed' });
      await ask({ org: org.code, customer: code });
      expect(await letters(access)).toHaveLength(1);
    },
  );

  test('is refused when it names nobody, with every wrong field', async () => {
    const fieldsOf = async (body: unknown) => {
      const response = await ask(body);
      expect(response.status).toBe(422);
      const { error } = (await response.json()) as {
        error: { code: string; fields: Record<string, string> };
      };
      expect(error.code).toBe('invalid');
      return Object.keys(error.fields).sort();
    };
    expect(await fieldsOf({ org: org.code })).toEqual(['customer']);
    expect(await fieldsOf({ org: org.code, customer: '  ' })).toEqual(['customer']);
    expect(await fieldsOf({ org: org.code, customer: 'x'.repeat(255) })).toEqual(['customer']);
    expect(await fieldsOf({ customer: 'MAIL' })).toEqual(['org']);
    expect(await fieldsOf({ org: 'x', customer: 7 })).toEqual(['customer', 'org']);
    expect(await fieldsOf({ org: org.code, customer: 'MAIL', link: 'other' })).toEqual(['link']);
    expect(await fieldsOf('{')).toContain('customer');
    expect(await fieldsOf('null')).toContain('customer');
    const typed = await stack.fetch(`${PORTAL}/api/portal/link-requests`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: JSON.stringify({ org: org.code, customer: 'MAIL' }),
    });
    expect(typed.status).toBe(415);
    expect(await typed.json()).toMatchObject({ error: { code: 'unsupported_type' } });
  });

  test('many times from one address is held up before the database', async () => {
    const address = '192.0.2.251';
    const answers: number[] = [];
    // The shield counts by the minute of the clock, and one may end while we ask.
    while (answers.at(-1) !== 429 && answers.length <= 21) {
      answers.push((await ask({ org: org.code, customer: 'nobody' }, address)).status);
    }
    expect(answers.at(-1)).toBe(429);
    expect(answers.length).toBeGreaterThan(10);
    // The jobs that were set going by what was let through ask too.
    const asked = stack.database.requests('counterfoil_customer');
    const held = await ask({ org: org.code, customer: 'nobody' }, address);
    expect(held.status).toBe(429);
    expect(held.headers.get('Retry-After')).toBe('60');
    expect(stack.database.requests('counterfoil_customer')).toBe(asked);
    expect((await ask({ org: org.code, customer: 'nobody' })).status).toBe(202);
  });
});
