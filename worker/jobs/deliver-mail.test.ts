import type { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NeonServer, openPglite, startNeon } from '../../scripts/local/neon.ts';
import { type ResendServer, startResend } from '../../scripts/local/resend.ts';
import { hashSecret, readToken } from '../access/tokens.ts';
import { openDatabase } from '../database/context.ts';
import { type Mail, openMail } from '../mail.ts';
import { type DeliverMailPorts, deliverMail } from './deliver-mail.ts';

const ORIGIN = 'https://portal.example';
const OUTBOX_KEY = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));

let database: PGlite;
let neon: NeonServer;
let resend: ResendServer;
let mail: Mail;
let ports: DeliverMailPorts;
let logged: string[] = [];
let cast: { org: string; customer: string; anna: string; ben: string };

beforeAll(async () => {
  database = await openPglite();
  await migrate(drizzle({ client: database }), { migrationsFolder: 'migrations' });
  neon = await startNeon({ database });
  resend = await startResend({ apiKey: 're_key' });
  mail = openMail({
    apiKey: 're_key',
    baseUrl: resend.apiUrl,
    from: 'portal@mail.example',
    perSecond: 1000,
    timeoutMs: 200,
  });
  ports = {
    database: openDatabase(
      'system',
      'postgresql://counterfoil_system:any@db.localtest/app',
      5_000,
      neon.url,
    ),
    mail,
    outboxKey: OUTBOX_KEY,
    portalOrigin: ORIGIN,
    adminOrigin: 'https://console.example',
    log: (message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
  };
  cast = await seed();
  // A busy machine migrates for longer than a hook may take.
}, 60_000);

afterAll(async () => {
  await neon.stop();
  await resend.stop();
  await database.close();
});

beforeEach(async () => {
  await resend.clear();
  logged = [];
  await database.exec(`
    delete from staff.outbox;
    delete from staff.access_links;
    update portal.contacts set access = 'allowed';
    update portal.orgs set time_zone = 'Europe/Warsaw', name = 'Northwind';
  `);
});
afterEach(() => {
  resend.fault = null;
  neon.fault = null;
});

async function one<T>(sql: string, params: unknown[] = []): Promise<T> {
  const { rows } = await database.query<T>(sql, params);
  if (rows.length !== 1 || rows[0] === undefined) throw new Error(`${rows.length} rows`);
  return rows[0];
}
const idOf = async (sql: string, params: unknown[] = []) =>
  (await one<{ id: string }>(`${sql} returning id`, params)).id;

async function seed() {
  const org = await idOf(
    `insert into portal.orgs (code, slug, name, contact_email) values ('NORTH1', 'northwind', 'Northwind', 'sales@northwind.example')`,
  );
  const customer = await idOf(
    `insert into portal.customers (org_id, code, code_key, name) values ($1, 'C1', 'C1', 'Corner Shop')`,
    [org],
  );
  const contact = (email: string, name: string) =>
    idOf(`insert into portal.contacts (org_id, customer_id, email, name) values ($1, $2, $3, $4)`, [
      org,
      customer,
      email,
      name,
    ]);
  return {
    org,
    customer,
    anna: await contact('anna@corner.example', 'Anna'),
    ben: await contact('ben@corner.example', 'Ben'),
  };
}

let events = 0;
function queue(
  wanted: { contact?: string; template?: string; language?: string; params?: object } = {},
) {
  const { template = 'documents-ready', language = 'en' } = wanted;
  const params = wanted.params ?? { documents: 3, orders: 1 };
  events += 1;
  return idOf(
    `insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
     select c.org_id, $2, c.email, c.id, $3, $4, $5::jsonb from portal.contacts c where c.id = $1`,
    [wanted.contact ?? cast.anna, `test/${events}`, template, language, JSON.stringify(params)],
  );
}

type Row = {
  state: string;
  attempts: number;
  wait_seconds: number;
  leased: boolean;
  sealed_body: string | null;
  link_id: string | null;
  provider_id: string | null;
  last_error: string | null;
};
const rowOf = (id: string) =>
  one<Row>(
    `select state, attempts, sealed_body, link_id, provider_id, last_error, leased_until is not null as leased,
            extract(epoch from due_at - now())::float8 as wait_seconds
       from staff.outbox where id = $1`,
    [id],
  );
const eventsOf = async (id: string) => {
  const { rows } = await database.query<{ action: string; detail: object }>(
    `select action, detail from audit.events where subject_kind = 'mail' and subject_id = $1 order by at`,
    [id],
  );
  return rows;
};
const count = async (table: string) =>
  (await one<{ n: number }>(`select count(*)::int as n from ${table}`)).n;
const makeDue = (id: string) =>
  database.query(`update staff.outbox set due_at = now() where id = $1`, [id]);

/** The token that the newest mail carries. */
function mailedToken(): string {
  const token = /\/customer\/(\S+)/.exec(resend.mails()[0]?.text ?? '')?.[1];
  if (token === undefined) throw new Error('no link in the mail');
  return token;
}

describe('a letter that goes out', () => {
  test('carries a link that opens, and leaves no token behind', async () => {
    const id = await queue();
    expect(await deliverMail(ports)).toEqual({ sent: 1, retried: 0, died: 0 });

    const [received] = resend.mails();
    expect(received).toMatchObject({
      to: ['anna@corner.example'],
      from: '"Northwind" <portal@mail.example>',
      replyTo: ['sales@northwind.example'],
      subject: 'Northwind: 3 documents and 1 order are ready',
    });
    const token = mailedToken();
    expect(readToken(token)).toEqual({ orgCode: 'NORTH1' });
    const link = await one<Record<string, unknown>>(
      `select id, token_hash::text, last4, scope, purpose, contact_id, customer_id,
              round(extract(epoch from expires_at - now()) / 86400)::int as days from staff.access_links`,
    );
    expect(link).toMatchObject({
      token_hash: await hashSecret(token),
      last4: token.slice(-4),
      scope: 'all',
      purpose: 'notification',
      contact_id: cast.anna,
      customer_id: cast.customer,
      days: 14,
    });
    const { rows } = await database.query<{ status: string }>(
      `select status from portal.open_link($1::text::bytea, '\\x01', null)`,
      [await hashSecret(token)],
    );
    expect(rows).toEqual([{ status: 'ok' }]);
    await database.exec('delete from staff.sessions');

    expect(await rowOf(id)).toMatchObject({
      state: 'sent',
      sealed_body: null,
      leased: false,
      link_id: link.id,
      provider_id: received?.id,
    });
    expect(await eventsOf(id)).toEqual([
      { action: 'mail.sent', detail: { template: 'documents-ready', link: link.id } },
    ]);
    expect(logged).toEqual([]);
  });

  test("says, in the reader's language and the supplier's days, until when its link works", async () => {
    await queue({ template: 'access-link', language: 'pl', params: {} });
    await deliverMail(ports);
    const { day, purpose } = await one<{ day: string; purpose: string }>(
      `select (expires_at at time zone 'Europe/Warsaw')::date::text as day, purpose from staff.access_links`,
    );
    const long = new Intl.DateTimeFormat('pl', { dateStyle: 'long', timeZone: 'UTC' });
    expect(purpose).toBe('standing');
    expect(resend.mails()[0]?.text).toContain(`Link działa do ${long.format(new Date(day))}`);
  });

  test('opens no more than staff last gave this person', async () => {
    await database.query(
      `insert into staff.access_links (org_id, customer_id, contact_id, token_hash, last4, scope, expires_at)
       values ($1, $2, $3, '\\x02', 'last', 'no_financials', now())`,
      [cast.org, cast.customer, cast.anna],
    );
    const id = await queue();
    await queue({ contact: cast.ben });
    await deliverMail(ports);
    const scopes = await database.query(
      `select contact_id, scope from staff.access_links where purpose = 'notification' order by scope`,
    );
    expect(scopes.rows).toEqual([
      { contact_id: cast.ben, scope: 'all' },
      { contact_id: cast.anna, scope: 'no_financials' },
    ]);
    expect((await rowOf(id)).state).toBe('sent');
  });

  test('is not late for another: every due letter goes in one run, more than a batch of them', async () => {
    for (let i = 0; i < 23; i += 1) await queue();
    expect(await deliverMail(ports)).toEqual({ sent: 23, retried: 0, died: 0 });
    expect(resend.mails()).toHaveLength(23);
  });
});

describe('one letter, once', () => {
  test('when several deliveries race', async () => {
    for (let i = 0; i < 5; i += 1) await queue();
    const runs = await Promise.all([1, 2, 3, 4].map(() => deliverMail(ports)));
    expect(runs.reduce((sum, { sent }) => sum + sent, 0)).toBe(5);
    expect(resend.mails()).toHaveLength(5);
    expect(await count('staff.access_links')).toBe(5);
  });

  test('when it was accepted but the answer never came: the same body goes again', async () => {
    const id = await queue();
    resend.fault = { acceptThenTimeout: true };
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 1, died: 0 });
    const waiting = await rowOf(id);
    expect(waiting).toMatchObject({ state: 'queued', attempts: 1, leased: false });
    expect(waiting.sealed_body).not.toBeNull();
    expect(waiting.sealed_body).not.toContain('cfl01_');
    expect(waiting.wait_seconds).toBeGreaterThan(10);

    resend.fault = null;
    // What the letter was made of has changed; the letter has not.
    await database.exec(`update portal.orgs set name = 'Renamed'`);
    await makeDue(id);
    expect(await deliverMail(ports)).toEqual({ sent: 1, retried: 0, died: 0 });
    expect(resend.mails()).toHaveLength(1);
    expect(await count('staff.access_links')).toBe(1);
    expect(await rowOf(id)).toMatchObject({
      state: 'sent',
      sealed_body: null,
      provider_id: resend.mails()[0]?.id,
    });
  });

  test('when it went out but that could not be written down', async () => {
    const id = await queue();
    neon.fault = { kind: 'error', match: "state = 'sent'" };
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 1, died: 0 });
    neon.fault = null;
    await makeDue(id);
    expect(await deliverMail(ports)).toEqual({ sent: 1, retried: 0, died: 0 });
    expect(resend.mails()).toHaveLength(1);
    expect(logged.join()).not.toMatch(/cfl01_|@/);
  });

  test('when the lease ran out under the first run: both may send, one letter arrives', async () => {
    const id = await queue();
    const slow: Mail = {
      send: async (letter, key) => {
        const result = await mail.send(letter, key);
        await database.query(`update staff.outbox set leased_until = now() where id = $1`, [id]);
        expect(await deliverMail(ports)).toMatchObject({ sent: 1 });
        return result;
      },
    };
    expect(await deliverMail({ ...ports, mail: slow })).toMatchObject({ sent: 0, died: 0 });
    expect(resend.mails()).toHaveLength(1);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  test('and a letter under another lease is left alone', async () => {
    const id = await queue();
    await database.query(
      `update staff.outbox set leased_until = now() + interval '1 minute' where id = $1`,
      [id],
    );
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 0, died: 0 });
    expect(resend.mails()).toEqual([]);
  });
});

describe('when the provider says no', () => {
  test('too many requests: nothing goes before retry-after, and the other letters are not blamed', async () => {
    const first = await queue();
    const second = await queue();
    resend.fault = { status: 429, retryAfter: 90 };
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 1, died: 0 });
    for (const [id, attempts] of [
      [first, 1],
      [second, 0],
    ] as const) {
      const row = await rowOf(id);
      expect(row).toMatchObject({ state: 'queued', attempts, leased: false });
      expect(row.wait_seconds).toBeGreaterThan(85);
      expect(row.wait_seconds).toBeLessThan(95);
    }
  });

  test('an error of theirs: tried again later, longer each time', async () => {
    const id = await queue();
    resend.fault = { status: 503 };
    const waits: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await makeDue(id);
      await deliverMail(ports);
      waits.push((await rowOf(id)).wait_seconds);
    }
    expect(waits[0]).toBeLessThan(31);
    expect(waits[3]).toBeGreaterThan(115);
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 4 });
    expect(await count('staff.access_links')).toBe(1);
  });

  test('a final refusal: the letter is dead, its body is wiped, staff can read why', async () => {
    const id = await queue();
    const other = await queue({ contact: cast.ben });
    const refusesAnna: Mail = {
      send: (letter, key) => {
        resend.fault = letter.to.startsWith('anna') ? { status: 422 } : null;
        return mail.send(letter, key);
      },
    };
    expect(await deliverMail({ ...ports, mail: refusesAnna })).toEqual({
      sent: 1,
      retried: 0,
      died: 1,
    });
    const row = await rowOf(id);
    expect(row).toMatchObject({ state: 'dead', sealed_body: null, leased: false });
    expect(row.last_error).toContain('422 validation_error');
    const told = await eventsOf(id);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual({
      action: 'mail.died',
      detail: { template: 'documents-ready', reason: row.last_error },
    });
    expect(told).toContainEqual({ action: 'alert.raised', detail: { kind: 'mail_died' } });
    expect((await rowOf(other)).state).toBe('sent');
  });

  test('staff send a dead letter again: a new letter with a new link', async () => {
    const id = await queue();
    resend.fault = { acceptThenTimeout: true };
    await deliverMail(ports);
    resend.fault = null;
    await database.query(
      `update staff.outbox set state = 'queued', due_at = now(), attempts = 0, first_tried_at = null,
              sealed_body = null where id = $1`,
      [id],
    );
    expect(await deliverMail(ports)).toMatchObject({ sent: 1 });
    expect(resend.mails()).toHaveLength(2);
    expect(await count('staff.access_links')).toBe(2);
    const { token_hash } = await one<{ token_hash: string }>(
      `select l.token_hash::text from staff.outbox o join staff.access_links l on l.id = o.link_id where o.id = $1`,
      [id],
    );
    expect(token_hash).toBe(await hashSecret(mailedToken()));
  });

  test('nothing is sent after 23 hours of trying', async () => {
    const id = await queue();
    resend.fault = { acceptThenTimeout: true };
    await deliverMail(ports);
    resend.fault = null;
    await resend.clear();
    await database.query(
      `update staff.outbox set due_at = now(), first_tried_at = now() - interval '23 hours 1 minute' where id = $1`,
      [id],
    );
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 0, died: 1 });
    expect(resend.mails()).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ state: 'dead', sealed_body: null });
  });

  test('a letter that could only be tried too late is dead at once', async () => {
    const id = await queue();
    resend.fault = { status: 429, retryAfter: 24 * 3600 };
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 0, died: 1 });
    expect(await rowOf(id)).toMatchObject({ state: 'dead', sealed_body: null });
    expect(await eventsOf(id)).toMatchObject([{ action: 'mail.died' }]);
  });
});

describe('who gets nothing', () => {
  test.each(['paused', 'ended'])(
    'a contact whose access is %s: no letter, no link',
    async (access) => {
      const id = await queue();
      await database.query(`update portal.contacts set access = $1 where id = $2`, [
        access,
        cast.anna,
      ]);
      expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 0, died: 1 });
      expect(resend.mails()).toEqual([]);
      expect(await count('staff.access_links')).toBe(0);
      expect(await rowOf(id)).toMatchObject({ state: 'dead', last_error: 'contact_not_allowed' });
      expect(await eventsOf(id)).toMatchObject([
        { action: 'mail.died', detail: { reason: 'contact_not_allowed' } },
      ]);
    },
  );

  test('a contact who is paused between the first try and the next', async () => {
    const id = await queue();
    resend.fault = { status: 500 };
    await deliverMail(ports);
    resend.fault = null;
    await database.exec(`update portal.contacts set access = 'paused'`);
    await makeDue(id);
    expect(await deliverMail(ports)).toMatchObject({ died: 1 });
    expect(resend.mails()).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ state: 'dead', sealed_body: null });
  });
});

describe('a letter to the supplier', () => {
  const ISSUE = '0198c0de-0000-7000-8000-000000000001';
  /** To no contact: whoever answers reports, or who imported. */
  const notify = (template: string, recipient: string) => {
    events += 1;
    const params = {
      ...{ issue: ISSUE, number: 7, order: 'SO-1', kind: 'damaged', customer: 'Corner Shop' },
      ...{ by: 'Anna', body: 'Wet.', publish: ISSUE, name: 'March', reason: 'Old prices.' },
    };
    return idOf(
      `insert into staff.outbox (org_id, event, recipient, template, language, params)
       values ($1, $2, $3, $4, 'en', $5::jsonb)`,
      [cast.org, `test/${events}`, recipient, template, JSON.stringify(params)],
    );
  };

  test('about a report goes to the address that the supplier has today, with the way to it', async () => {
    const id = await notify('issue-answered', 'sales@northwind.example');
    const old = await notify('issue-answered', 'old@northwind.example');
    expect(await deliverMail(ports)).toEqual({ sent: 1, retried: 0, died: 1 });
    expect(await rowOf(id)).toMatchObject({ state: 'sent', sealed_body: null, link_id: null });
    expect(await rowOf(old)).toMatchObject({ state: 'dead', last_error: 'member_not_active' });
    const [received] = resend.mails();
    expect(received?.to).toEqual(['sales@northwind.example']);
    expect(received?.text).toContain(`https://console.example/admin/northwind/issues/${ISSUE}`);
  });

  test('about a publish goes to people who work there, and to no shared address', async () => {
    const id = await notify('publish-rejected', 'sales@northwind.example');
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 0, died: 1 });
    expect(await rowOf(id)).toMatchObject({ state: 'dead', last_error: 'member_not_active' });
  });
});

describe('what must not hold up the others', () => {
  test('a template that nobody knows is dead', async () => {
    const id = await queue({ template: 'unheard-of' });
    await queue();
    expect(await deliverMail(ports)).toEqual({ sent: 1, retried: 0, died: 1 });
    expect((await rowOf(id)).last_error).toContain('unheard-of');
  });

  test('a letter sealed with a key that is gone is dead, not rewritten', async () => {
    const id = await queue();
    resend.fault = { status: 500 };
    await deliverMail(ports);
    resend.fault = null;
    await makeDue(id);
    const otherKey = btoa('a key that is not the one before');
    expect(await deliverMail({ ...ports, outboxKey: otherKey })).toMatchObject({ died: 1 });
    expect(resend.mails()).toEqual([]);
  });

  test('an org whose settings are broken waits, and does not stop the rest', async () => {
    const id = await queue();
    await database.exec(`update portal.orgs set time_zone = 'Middle/Earth'`);
    expect(await deliverMail(ports)).toEqual({ sent: 0, retried: 1, died: 0 });
    expect(await rowOf(id)).toMatchObject({ state: 'queued', link_id: null });
    expect(logged).toHaveLength(1);
  });

  test('a database that does not answer ends the run, and the letter is not lost', async () => {
    const id = await queue();
    neon.fault = { kind: 'down' };
    await expect(deliverMail(ports)).rejects.toMatchObject({ code: 'unavailable' });
    neon.fault = null;
    await deliverMail(ports);
    expect((await rowOf(id)).state).toBe('sent');
  });

  test('a run that is out of time gives the rest back', async () => {
    const ids = [await queue(), await queue(), await queue()];
    let clock = 0;
    const ticking = () => {
      clock += 9_000;
      return clock;
    };
    const { sent } = await deliverMail(ports, ticking);
    expect(sent).toBeLessThan(3);
    const states = await Promise.all(ids.map(rowOf));
    expect(states.filter(({ leased }) => leased)).toEqual([]);
    expect(await deliverMail(ports)).toMatchObject({ sent: 3 - sent });
    expect(resend.mails()).toHaveLength(3);
  });
});
