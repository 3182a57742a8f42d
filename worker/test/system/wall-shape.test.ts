/**
 * How the wall is built, read from the catalogue: owners, row security, grants, policies and
 * function privileges. The privileges are held as text beside this test, so that a change of them
 * is a line in a review; what no change may bring is asserted.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACTOR_KINDS } from '../../database/schema.ts';
import { normaliseKey } from '../../import/keys.ts';
import { STAMP_VERSION } from '../../pdf/rendition.ts';
import { foldWords } from '../../pdf/words.ts';
import {
  ALERT_KINDS,
  CHANGE_REQUEST_KINDS,
  CHANGE_REQUEST_STATUSES,
  CONTACT_ACCESS,
  DOCUMENT_KINDS,
  ESTIMATE_SOURCES,
  EXPORT_FORMATS,
  FEEDBACK_ABOUT,
  FINANCIAL_DOCUMENT_KINDS,
  IMPORT_STATES,
  INSPECTED,
  INTEGRATION_OUTCOMES,
  ISSUE_AUTHORS,
  ISSUE_KINDS,
  ISSUE_STATUSES,
  ITEM_KINDS,
  LINK_PURPOSES,
  LINK_SCOPES,
  LOCALES,
  MAIL_FATES,
  MAIL_TOPICS,
  NOTIFICATION_KINDS,
  ORDER_STATUSES,
  OUTBOX_STATES,
  OVERRIDABLE_PROBLEMS,
  PROBLEMS,
  PUBLISH_STATUSES,
  ROLES,
  SERVED,
  SHIPMENT_STATUSES,
  SHIPMENT_SUBSTATUSES,
  SUPPRESSION_REASONS,
  TAKEN_AS,
  TRACKING_SOURCES,
} from '../../vocabulary.ts';
import { makeOrg } from '../cast.ts';
import { tablesOf } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';

const AUDIENCE_ROLES = ['counterfoil_customer', 'counterfoil_staff', 'counterfoil_system'];
const OURS = "n.nspname in ('audit', 'portal', 'staff')";

let stack: Stack;
beforeAll(async () => {
  stack = await useStack();
});

/** The lines of a query, sorted the same on every database, whatever its collation. */
async function lines(query: string): Promise<string[]> {
  const rows = await stack.sql<{ line: string }>(query);
  return rows.map(({ line }) => line).sort();
}

describe('every table', () => {
  test('is of the product’s three schemas, under row security that binds its owner too', async () => {
    const rows = await stack.sql<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where ${OURS} and c.relkind = 'r' and c.relrowsecurity and c.relforcerowsecurity
          and pg_get_userbyid(c.relowner) = 'counterfoil_owner'
        order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(await tablesOf(stack));
  });

  test('of a customer’s is read by customers through one policy, for select', async () => {
    const policies = await stack.sql<{ table: string; cmd: string }>(
      `select schemaname || '.' || tablename as table, cmd from pg_policies
        where roles && '{public, counterfoil_customer}'::name[] order by 1`,
    );
    const portal = (await tablesOf(stack)).filter((table) => table.startsWith('portal.'));
    expect(policies).toEqual(portal.map((table) => ({ table, cmd: 'SELECT' })));
  });
});

describe('every role', () => {
  test('is what it is for: the owner cannot log in, and nobody passes by row security', async () => {
    expect(
      await stack.sql(
        `select rolname, rolcanlogin, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty
           from pg_roles where rolname like 'counterfoil%' order by 1`,
      ),
    ).toEqual([
      { rolname: 'counterfoil_customer', rolcanlogin: true, mighty: false },
      { rolname: 'counterfoil_owner', rolcanlogin: false, mighty: false },
      { rolname: 'counterfoil_staff', rolcanlogin: true, mighty: false },
      { rolname: 'counterfoil_system', rolcanlogin: true, mighty: false },
    ]);
  });

  test('of an audience is a member of no other role, owns nothing and makes nothing', async () => {
    expect(
      await lines(
        `select member::regrole::text as line from pg_auth_members where member::regrole::text like 'counterfoil%'
         union all
         select relowner::regrole || ' owns ' || oid::regclass from pg_class
          where relowner::regrole::text = any ('{${AUDIENCE_ROLES.join(',')}}')
         union all
         select r || ' may create in ' || n.nspname from pg_namespace n, unnest('{${AUDIENCE_ROLES.join(',')}}'::text[]) r
          where has_schema_privilege(r, n.oid, 'create') and n.nspname !~ '^pg_'`,
      ),
    ).toEqual([]);
  });
});

describe('every function', () => {
  test('has its search path set, or its names looked up when it was made', async () => {
    const rows = await stack.sql<{ name: string; definer: boolean; path: boolean }>(
      `select p.oid::regprocedure::text as name, p.prosecdef as definer,
              'search_path=pg_catalog, pg_temp' = any (coalesce(p.proconfig, '{}'))
                or p.prosqlbody is not null and not p.prosecdef as path
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where ${OURS} and p.prokind <> 'a' order by 1`,
    );
    expect(rows.filter(({ definer }) => definer).length).toBeGreaterThan(15);
    expect(rows.filter(({ path }) => !path)).toEqual([]);
  });

  test('and every aggregate is closed to the public', async () => {
    expect(
      await lines(
        `select p.oid::regprocedure::text as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where ${OURS} and has_function_privilege('public', p.oid, 'execute')`,
      ),
    ).toEqual([]);
  });
});

test('grants, policies and function privileges are as reviewed', async () => {
  const acl = (of: string, what: string) =>
    `select format('%s: %s: %s', case when a.grantee = 0 then 'public' else a.grantee::regrole::text end,
                   ${what}, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type)) as line
       from ${of} where ${OURS} and a.grantee::regrole::text <> 'counterfoil_owner'
      group by a.grantee, ${what}`;
  const classes =
    'pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a';
  const text = {
    schemas: await lines(
      acl('pg_namespace n cross join lateral aclexplode(n.nspacl) a', 'n.nspname'),
    ),
    tables: await lines(acl(classes, 'c.oid::regclass')),
    columns: await lines(
      `select format('%s: %s: %s (%s)', a.grantee::regrole, c.oid::regclass, lower(a.privilege_type),
                     string_agg(t.attname::text, ', ' order by t.attname::text collate "C")) as line
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute t on t.attrelid = c.oid cross join lateral aclexplode(t.attacl) a
        where ${OURS} group by a.grantee, c.oid, a.privilege_type`,
    ),
    functions: await lines(
      acl(
        'pg_proc p join pg_namespace n on n.oid = p.pronamespace cross join lateral aclexplode(p.proacl) a',
        'p.oid::regprocedure',
      ),
    ),
    'definer functions': await lines(
      `select p.oid::regprocedure::text as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where ${OURS} and p.prosecdef`,
    ),
    policies: await lines(
      `select format(E'%s.%s: %s: %s to %s\\n    using %s\\n    check %s', schemaname, tablename, policyname, lower(cmd),
                     array_to_string(roles, ', '), coalesce(regexp_replace(qual, '\\s+', ' ', 'g'), '-'),
                     coalesce(regexp_replace(with_check, '\\s+', ' ', 'g'), '-')) as line
         from pg_policies n where schemaname in ('audit', 'portal', 'staff')
       `,
    ),
    triggers: await lines(
      `select regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER ', '') as line
         from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where ${OURS} and not t.tgisinternal`,
    ),
  };
  const page = Object.entries(text)
    .map(([title, rows]) => `${title}\n${rows.map((row) => `  ${row}\n`).join('')}`)
    .join('\n');
  await expect(page).toMatchFileSnapshot('./wall-shape.txt');
});

test('the text of every function is the one that stands in migrations/functions.sql', async () => {
  const texts = await lines(
    `select pg_get_functiondef(p.oid) as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${OURS} and p.prokind in ('f', 'p')`,
  );
  const page = [
    '-- Every function as the migrations leave it, by name: made by worker/test/system/wall-shape.test.ts (vitest with -u at its end),',
    '-- read by people and run by nothing. Who calls one, and who may, stands where its migration made it.',
    ...texts.map((text) => `\n${text.trimEnd()};`),
  ].join('\n');
  await expect(`${page}\n`).toMatchFileSnapshot('../../../migrations/functions.sql');
});

describe('the audit', () => {
  test('can only be appended to: not even a superuser or the owner changes an event', async () => {
    const org = await makeOrg(stack);
    await org.clerk.post('publishes', { name: 'One event' });
    const kept = () => stack.sql('select * from audit.events order by id');
    const before = await kept();
    expect(before.length).toBeGreaterThan(0);
    const statements = [
      'update audit.events set action = action',
      'delete from audit.events',
      'truncate audit.events',
      'truncate audit.events cascade',
    ];
    for (const statement of statements) {
      await expect(stack.sql(statement), statement).rejects.toMatchObject({ code: 'CF003' });
    }
    // The owner is shown no event to change; what needs none is refused.
    const asOwner = (statement: string) =>
      stack.sql(`do $$ begin set local role counterfoil_owner; ${statement}; end $$`);
    for (const statement of statements) {
      const changed = asOwner(statement);
      await (statement.startsWith('truncate')
        ? expect(changed, statement).rejects.toMatchObject({ code: 'CF003' })
        : changed);
    }
    expect(await kept()).toEqual(before);
  });

  test.each(['customer', 'staff', 'system'] as const)(
    'is not the %s role’s to write',
    async (role) => {
      for (const statement of [
        'update audit.events set action = action',
        'delete from audit.events',
        'truncate audit.events',
        "insert into audit.events (org_id, actor_kind, action) values (gen_random_uuid(), 'system', 'link.opened')",
      ]) {
        await expect(stack.sqlAs(role, [statement]), statement).rejects.toMatchObject({
          code: '42501',
        });
      }
    },
  );
});

describe('closed lists are the vocabulary’s', () => {
  const LISTS: Record<string, readonly string[]> = {
    access_links_purpose: LINK_PURPOSES,
    access_links_scope: LINK_SCOPES,
    alerts_kind: ALERT_KINDS,
    change_requests_kind: CHANGE_REQUEST_KINDS,
    change_requests_status: CHANGE_REQUEST_STATUSES,
    contacts_access: CONTACT_ACCESS,
    contacts_chosen_language: LOCALES,
    contacts_language: LOCALES,
    contacts_muted_mail: MAIL_TOPICS,
    delivery_estimates_source: ESTIMATE_SOURCES,
    documents_kind: DOCUMENT_KINDS,
    documents_served: SERVED,
    events_actor_kind: ACTOR_KINDS,
    export_mappings_format: EXPORT_FORMATS,
    feedback_about: FEEDBACK_ABOUT,
    files_served: INSPECTED,
    imports_state: IMPORT_STATES,
    integration_log_outcome: INTEGRATION_OUTCOMES,
    invoices_kind: ['invoice', 'credit_note'],
    issue_messages_author: ISSUE_AUTHORS,
    issue_reports_kind: ISSUE_KINDS,
    issue_reports_status: ISSUE_STATUSES,
    members_language: LOCALES,
    members_role: ROLES,
    notifications_kind: NOTIFICATION_KINDS,
    orders_status: ORDER_STATUSES,
    orgs_locale: LOCALES,
    orgs_unstamped_kinds: DOCUMENT_KINDS,
    outbox_fate: MAIL_FATES,
    outbox_language: LOCALES,
    outbox_state: OUTBOX_STATES,
    publish_items_kind: ITEM_KINDS,
    publishes_status: PUBLISH_STATUSES,
    records_kind: ITEM_KINDS,
    sales_mappings_format: EXPORT_FORMATS,
    shipments_status: SHIPMENT_STATUSES,
    shipments_substatus: SHIPMENT_SUBSTATUSES,
    stamps_taken_as: TAKEN_AS,
    suppressions_reason: SUPPRESSION_REASONS,
    tracking_events_source: TRACKING_SOURCES,
    tracking_events_status: SHIPMENT_STATUSES,
    tracking_events_substatus: SHIPMENT_SUBSTATUSES,
    unsubscribe_keys_topic: MAIL_TOPICS,
    webhook_events_fate: MAIL_FATES,
  };
  const words = (list: string) => [...list.matchAll(/'([a-z_0-9]+)'/g)].map(([, word]) => word);

  test('in every check that lists words', async () => {
    const checks = await stack.sql<{ name: string; definition: string }>(
      `select k.conname as name, pg_get_constraintdef(k.oid) as definition
         from pg_constraint k join pg_namespace n on n.oid = k.connamespace
        where ${OURS} and k.contype = 'c' and pg_get_constraintdef(k.oid) like '%ARRAY[%'`,
    );
    const found = checks.map(({ name, definition }) => [name, words(definition)]);
    expect(Object.fromEntries(found)).toEqual(LISTS);
  });

  test('in the policy that keeps documents with amounts from a link without them', async () => {
    const [policy] = await stack.sql<{ qual: string }>(
      "select qual from pg_policies where tablename = 'documents' and policyname = 'customer_own'",
    );
    const [list = ''] = /NOT \(kind = ANY \(ARRAY\[[^\]]*/.exec(policy?.qual ?? '') ?? [];
    expect(words(list)).toEqual([...FINANCIAL_DOCUMENT_KINDS]);
  });
});

test('what may be overridden, and the stamp’s version, are the Worker’s own', async () => {
  const codes = Object.keys(PROBLEMS);
  const rows = await stack.sql<{ code: string }>(
    `select code from jsonb_array_elements_text($1::jsonb) code where staff.is_overridable(code)`,
    [JSON.stringify(codes)],
  );
  expect(rows.map(({ code }) => code).sort()).toEqual([...OVERRIDABLE_PROBLEMS].sort());
  expect(await stack.sql('select staff.stamp_version() as version')).toEqual([
    { version: STAMP_VERSION },
  ]);
});

describe('a key is spelled the same by the importer and by the database', () => {
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
  const LETTERS = [
    ...range(0x20, 0x7e),
    ...range(0xa0, 0x24f),
    ...range(0x1e00, 0x1eff),
    ...range(0x370, 0x3ff),
    ...range(0x400, 0x52f),
  ];
  const MARKS = [
    ...range(0x300, 0x30a),
    ...range(0x2000, 0x206f),
    '\t',
    '\n',
    '\u2212',
    '\u3000',
    '\ufeff',
    '\u00ad',
  ];
  const spelled = async (values: string[], by = 'normalise_key') => {
    const rows = await stack.sql<{ key: string }>(
      `select staff.${by}(value) as key
         from jsonb_array_elements_text($1::jsonb) with ordinality order by ordinality`,
      [JSON.stringify(values)],
    );
    return rows.map(({ key }, at) => ({ value: values[at] ?? '', key }));
  };

  test('for each letter, space and dash alone', async () => {
    const wrong = (await spelled([...LETTERS, ...MARKS])).filter(
      ({ value, key }) => key !== normaliseKey(value),
    );
    expect(wrong).toEqual([]);
  });

  test('as words, too: each letter, and any text of them', async () => {
    const text = fc
      .array(fc.constantFrom(...LETTERS, ...MARKS), { maxLength: 16 })
      .map((characters) => characters.join(''));
    const values = [...LETTERS, ...MARKS, ...fc.sample(text, 2_000)];
    const wrong = (await spelled(values, 'fold_words')).filter(
      ({ value, key }) => key !== foldWords(value),
    );
    expect(wrong).toEqual([]);
  });

  test('for any number made of them', async () => {
    const number = fc
      .array(fc.oneof(fc.constantFrom(...LETTERS), fc.constantFrom(...MARKS)), { maxLength: 16 })
      .map((characters) => characters.join(''));
    const wrong = (await spelled(fc.sample(number, 2_000))).filter(
      ({ value, key }) => key !== normaliseKey(value),
    );
    expect(wrong).toEqual([]);
  });
});

test('what looks up rows key by key is planned for any supplier, known or not', async () => {
  // A function that is replaced loses what was set for it before.
  const rows = await stack.sql<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'staff' and p.prosrc ~ 'offset 0'
        and not coalesce('plan_cache_mode=force_generic_plan' = any (p.proconfig), false)`,
  );
  expect(rows).toEqual([]);
});
