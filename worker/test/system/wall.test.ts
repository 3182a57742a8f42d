/**
 * The database is the wall: what a stolen connection string of an audience can do without the
 * Worker in front of it. Tables are listed from the catalogue, so a new one is asked about by itself.
 */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { openLink } from '../clients.ts';
import { tablesOf } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';

const PERMISSION_DENIED = '42501';
/** What a definer function reads before it knows whose org it is in. */
const LOOKED_UP_BY_OWNER = [
  'portal.contacts',
  'portal.orgs',
  'staff.access_links',
  'staff.carrier_state',
  'staff.integration_log',
  'staff.members',
  'staff.sessions',
  'staff.suppressions',
  'staff.unsubscribe_keys',
];
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let stack: Stack;
let org: Org;
let tables: string[];
let customerId: string;

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  tables = await tablesOf(stack);
  await publish(
    org,
    [
      customerRow('WALL', org),
      customerRow('BEYOND', org),
      ...orderRows('WALL', 'W1'),
      ...orderRows('BEYOND', 'B1'),
    ],
    { ...orderFiles('W1'), ...orderFiles('B1') },
  );
  ({ customerId } = await contactOf(stack, org, 'WALL'));
  await fillRest('WALL');
  await fillRest('BEYOND');
});

/** A row in each table that these customers' import does not reach, told by SQL alone. */
async function fillRest(code: string) {
  const { customerId, contactId } = await contactOf(stack, org, code);
  const whose = [org.id, customerId];
  const who = [...whose, contactId];
  const [issue] = await stack.sql<{ id: string }>(
    `insert into portal.issue_reports (org_id, customer_id, contact_id, number, order_number, order_key, kind,
                                       description, contact_email, idempotency_key)
     values ($1, $2, $3, (select count(*) + 1 from portal.issue_reports), 'W', 'W', 'damaged', 'It is broken.', 'a@b.example', 'k')
     returning id`,
    who,
  );
  await stack.sql(
    `insert into portal.issue_messages (org_id, customer_id, contact_id, issue_id, author, author_name, body, idempotency_key)
     values ($1, $2, $3, $4, 'customer', 'A', 'Still.', 'k')`,
    [...who, issue?.id],
  );
  await stack.sql(
    `insert into portal.issue_photos (org_id, customer_id, issue_id, sha256, size, media_type, file_name)
     values ($1, $2, $3, 'a', 1, 'image/png', 'a.png')`,
    [...whose, issue?.id],
  );
  await stack.sql(
    `insert into portal.change_requests (org_id, customer_id, contact_id, kind, fields, idempotency_key)
     values ($1, $2, $3, 'delivery_address', '{}', 'k')`,
    who,
  );
  await stack.sql(
    "insert into portal.feedback (org_id, customer_id, contact_id, about, rating) values ($1, $2, $3, 'download', 5)",
    who,
  );
  await stack.sql(
    "insert into staff.unsubscribe_keys (key_hash, org_id, contact_id, topic) values ($1, $2, $3, 'issues')",
    [sha256(contactId), org.id, contactId],
  );
  const [payment] = await stack.sql<{ id: string }>(
    `insert into portal.payments (org_id, customer_id, number, number_key, paid_on, currency, amount)
     values ($1, $2, $3, $3, '2026-01-01', 'EUR', 1) returning id`,
    [...whose, code],
  );
  await stack.sql(
    `insert into portal.payment_allocations (org_id, customer_id, payment_id, invoice_number, invoice_key, amount)
     values ($1, $2, $3, 'F', 'F', 1)`,
    [...whose, payment?.id],
  );
  await stack.sql(
    `insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, source)
     select s.org_id, s.customer_id, s.order_id, s.id, 'k', now(), 'in_transit', 'import'
       from portal.shipments s where (s.org_id, s.customer_id) = ($1, $2)`,
    whose,
  );
  await stack.sql(
    `insert into portal.delivery_estimates (org_id, customer_id, order_id, shipment_id, day, source)
     select s.org_id, s.customer_id, s.order_id, s.id, '2026-01-01', 'carrier'
       from portal.shipments s where (s.org_id, s.customer_id) = ($1, $2)`,
    whose,
  );
  await stack.sql(
    `insert into portal.notifications (org_id, customer_id, kind, event) values ($1, $2, 'documents_ready', 'k')`,
    whose,
  );
  await stack.sql(
    `insert into portal.statements (document_id, org_id, customer_id, from_day, to_day, digest)
     select d.id, d.org_id, d.customer_id, '2026-01-01', '2026-01-31', 'd'
       from portal.documents d where (d.org_id, d.customer_id) = ($1, $2) limit 1`,
    whose,
  );
  await stack.sql(
    `insert into staff.suppressions (org_id, email, reason) values ($1, $2, 'bounced')`,
    [org.id, `${contactId}@wall.example`],
  );
  await stack.sql(
    "insert into staff.carrier_state (carrier) values ('usps') on conflict do nothing",
  );
  await stack.sql(
    "insert into staff.integration_log (integration, outcome, org_id) values ('mail', 'ok', $1)",
    [org.id],
  );
  await stack.sql(
    `insert into portal.export_mappings (org_id, customer_id, format, codes) values ($1, $2, 'csv', '{}')`,
    whose,
  );
}

type Audience = 'customer' | 'staff' | 'system';
type Setting = [name: string, value: string];
const opening = (settings: Setting[]): [string, unknown[]][] =>
  settings.map(([name, value]) => ['select set_config($1, $2, true)', [name, value]]);

/** How many rows an audience is shown of each table, or the SQLSTATE that it is refused with. */
async function shownTo(audience: Audience, settings: Setting[] = [], of = tables) {
  const seen: Record<string, number | string> = {};
  for (const table of of) {
    seen[table] = await stack
      .sqlAs(audience, ...opening(settings), [`select count(*)::int as rows from ${table}`])
      .then(
        (results) => Number(results.at(-1)?.[0]?.rows),
        (error) => String(error.code),
      );
  }
  return seen;
}
const inSchema = (schema: string) => tables.filter((table) => table.startsWith(`${schema}.`));
const each = (of: string[], value: number | string) =>
  Object.fromEntries(of.map((table) => [table, value]));

test('the catalogue is read: the tables of all three schemas are there, and they hold rows', async () => {
  expect(tables).toEqual(
    expect.arrayContaining(['portal.orders', 'staff.records', 'audit.events']),
  );
  expect(new Set(tables.map((table) => table.split('.')[0]))).toEqual(
    new Set(['audit', 'portal', 'staff']),
  );
  for (const table of inSchema('portal')) {
    const [row] = await stack.sql<{ rows: number }>(`select count(*)::int as rows from ${table}`);
    expect(row?.rows, table).toBeGreaterThan(0);
  }
});

describe('the customers’ connection', () => {
  afterEach(() =>
    stack.sql("update portal.contacts set access = 'allowed' where org_id = $1", [org.id]),
  );

  const nothing = () => ({
    ...each(inSchema('audit'), PERMISSION_DENIED),
    ...each(inSchema('portal'), 0),
    ...each(inSchema('staff'), PERMISSION_DENIED),
  });

  test('shows no row before a credential is presented', async () => {
    expect(await shownTo('customer')).toEqual(nothing());
  });

  test('shows no row for settings that anyone could forge', async () => {
    const [member] = await stack.sql<{ id: string }>(
      "select id from staff.members where org_id = $1 and role = 'owner'",
      [org.id],
    );
    expect(
      await shownTo('customer', [
        ['counterfoil.org', org.id],
        ['counterfoil.member', member?.id ?? ''],
        ['counterfoil.customer', customerId],
        ['counterfoil.credential', randomBytes(32).toString('hex')],
      ]),
    ).toEqual(nothing());
  });

  test('shows no row for the ids that a credential stands for', async () => {
    const { id } = await makeLink(stack, org, 'WALL');
    for (const forged of [id, customerId, org.id]) {
      const hex = forged.replaceAll('-', '');
      expect(await shownTo('customer', [['counterfoil.credential', hex]])).toEqual(nothing());
    }
  });

  test('shows a live credential its own customer’s rows in every table, and no other row', async () => {
    const { token, url } = await makeLink(stack, org, 'WALL');
    const { cookie } = await openLink(stack, url);
    const secret = /__Host-counterfoil=([^;]+)/.exec(cookie)?.[1] ?? '';
    for (const credential of [token, secret]) {
      for (const table of inSchema('portal')) {
        const owner = { 'portal.orgs': org.id, 'portal.customers': customerId }[table];
        const column = owner === undefined ? 'customer_id' : 'id';
        const [, shown = []] = await stack.sqlAs(
          'customer',
          ...opening([['counterfoil.credential', sha256(credential)]]),
          [`select ${column}::text as whose from ${table}`],
        );
        expect(shown.length, table).toBeGreaterThan(0);
        const whose = new Set(shown.map((row) => row.whose));
        expect([...whose], table).toEqual([owner ?? customerId]);
      }
    }
  });

  test('a person sees themselves and not their colleagues', async () => {
    await publish(org, [{ ...customerRow('WALL', org), contact_email: `b@${org.slug}.example` }]);
    const { token } = await makeLink(stack, org, 'WALL');
    const { contactId } = await contactOf(stack, org, 'WALL');
    const [, shown] = await stack.sqlAs(
      'customer',
      ...opening([['counterfoil.credential', sha256(token)]]),
      ['select id from portal.contacts'],
    );
    expect(shown).toEqual([{ id: contactId }]);
  });

  test('changes nothing, whoever presents whatever', async () => {
    const { token } = await makeLink(stack, org, 'WALL');
    const columns = await stack.sql<{ name: string; column: string }>(
      `select c.oid::regclass::text as name, a.attname as column
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
        where c.oid::regclass::text = any ($1::text[])`,
      [`{${tables.join(',')}}`],
    );
    expect(columns.map(({ name }) => name).sort()).toEqual(tables);
    for (const { name, column } of columns) {
      const statements = [
        `insert into ${name} default values`,
        `update ${name} set ${column} = ${column}`,
        `delete from ${name}`,
        `truncate ${name}`,
        `lock table ${name} in access exclusive mode`,
      ];
      for (const statement of statements) {
        await expect(
          stack.sqlAs('customer', ...opening([['counterfoil.credential', sha256(token)]]), [
            statement,
          ]),
          statement,
        ).rejects.toMatchObject({ code: PERMISSION_DENIED });
      }
    }
  });

  test.each([
    ['revoked', 'update staff.access_links set revoked_at = now() where id = $1'],
    ['expired', 'update staff.access_links set expires_at = now() where id = $1'],
    [
      'of a person whose access is paused',
      `update portal.contacts set access = 'paused'
        where id = (select contact_id from staff.access_links where id = $1)`,
    ],
    [
      'of a person whose access is ended',
      `update portal.contacts set access = 'ended'
        where id = (select contact_id from staff.access_links where id = $1)`,
    ],
  ])('a link that is %s shows no row, through its token or its session', async (_, end) => {
    const { id, token, url } = await makeLink(stack, org, 'BEYOND');
    const { cookie } = await openLink(stack, url);
    const secret = /__Host-counterfoil=([^;]+)/.exec(cookie)?.[1] ?? '';
    const asked = (credential: string) =>
      shownTo('customer', [['counterfoil.credential', sha256(credential)]], inSchema('portal'));
    expect(await asked(token)).not.toMatchObject({ 'portal.orders': 0 });
    expect(await asked(secret)).not.toMatchObject({ 'portal.orders': 0 });
    await stack.sql(end, [id]);
    expect(await asked(token)).toEqual(each(inSchema('portal'), 0));
    expect(await asked(secret)).toEqual(each(inSchema('portal'), 0));
  });

  test.each([
    ['signed out', 'ended_at = now()'],
    ['30 minutes idle', "last_seen_at = now() - interval '30 minutes'"],
    ['12 hours old', "created_at = now() - interval '12 hours'"],
  ])('a session that is %s shows no row', async (_, aged) => {
    const { url } = await makeLink(stack, org, 'BEYOND');
    const { cookie } = await openLink(stack, url);
    const secret = sha256(/__Host-counterfoil=([^;]+)/.exec(cookie)?.[1] ?? '');
    const asked = () =>
      shownTo('customer', [['counterfoil.credential', secret]], inSchema('portal'));
    expect(await asked()).not.toMatchObject({ 'portal.orders': 0 });
    await stack.sql(`update staff.sessions set ${aged} where secret_hash = decode($1, 'hex')`, [
      secret,
    ]);
    expect(await asked()).toEqual(each(inSchema('portal'), 0));
  });

  test('cannot call what is the staff’s or the jobs’', async () => {
    for (const call of [
      'select staff.withdraw(gen_random_uuid())',
      "select staff.enter('a@b.example', null, 'acme', null)",
      "select audit.append(gen_random_uuid(), 'system', null, null, null, 'link.opened')",
      "select staff.project(gen_random_uuid(), '{}', '{}')",
    ]) {
      await expect(stack.sqlAs('customer', [call]), call).rejects.toMatchObject({
        code: PERMISSION_DENIED,
      });
    }
  });
});

test('the staff’s connection shows no row before a member has entered', async () => {
  const seen = await shownTo('staff');
  // Some columns are nobody's to select, so counting those tables is already too much.
  const partly = ['staff.access_links', 'staff.outbox', 'staff.sessions'];
  const others = [
    'staff.carrier_state',
    'staff.hints',
    'staff.integration_log',
    'staff.notice_letters',
    'staff.told',
    'staff.unsubscribe_keys',
  ];
  expect(seen).toMatchObject({
    ...each(
      tables.filter((table) => !partly.includes(table)),
      0,
    ),
    ...each(others, PERMISSION_DENIED),
  });
  for (const table of partly) {
    const rows = await stack.sqlAs('staff', [`select id from ${table}`]);
    expect(rows, table).toEqual([[]]);
  }
});

describe('the owner of the tables, as whom the definer functions run', () => {
  beforeAll(async () => {
    // Made by the owner itself, so that it runs as the product's own definer functions do.
    await stack.sql(`do $do$ begin set local role counterfoil_owner; execute $create$
      create function portal.seen_by_owner() returns table (name text, rows int, guarded boolean)
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        for name in
          select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname in ('audit', 'portal', 'staff') and c.relkind = 'r'
        loop
          execute format('select count(*)::int, row_security_active(%L) from %s', name, name) into rows, guarded;
          return next;
        end loop;
      end $$ $create$; end $do$`);
  });
  afterAll(() =>
    stack.sql(
      'do $$ begin set local role counterfoil_owner; drop function portal.seen_by_owner(); end $$',
    ),
  );

  test('sees rows of no org until one is opened, but for the lookups, and row security binds it', async () => {
    const seen = await stack.sql<{ name: string; rows: number; guarded: boolean }>(
      'select * from portal.seen_by_owner() order by name',
    );
    expect(seen.map(({ name }) => name)).toEqual(tables);
    expect(seen.filter(({ guarded }) => !guarded)).toEqual([]);
    const shown = seen.filter(({ rows }) => rows > 0).map(({ name }) => name);
    expect(shown).toEqual(LOOKED_UP_BY_OWNER);
  });
});
