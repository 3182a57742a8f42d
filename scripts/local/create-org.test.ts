import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS } from '../../worker/vocabulary.ts';
import { createOrg, type NewOrg, type OwnerSql } from './create-org.ts';
import { migratePglite } from './migrations.ts';
import { openPglite } from './neon.ts';

let pglite: PGlite;
const sql: OwnerSql = (query, params) => pglite.query(query, params);
const ACME: NewOrg = {
  slug: 'acme',
  name: 'Acme',
  code: 'ACME01',
  timeZone: 'America/Chicago',
  owner: { email: ' Olga@Acme.example ', name: 'Olga Berg' },
};

beforeAll(async () => {
  pglite = await openPglite();
  await migratePglite(pglite);
  await createOrg(sql, ACME);
}, 30_000);
afterAll(() => pglite.close());

const countOf = async (table: string) =>
  (await sql(`select count(*)::int as count from ${table}`, [])).rows[0]?.count;

test('migrating a second time changes nothing', async () => {
  const before = await countOf('drizzle.__drizzle_migrations');
  await migratePglite(pglite);
  expect(await countOf('drizzle.__drizzle_migrations')).toBe(before);
  expect(await countOf('portal.orgs')).toBe(1);
});

test('an org begins with its owner and with everything exposed', async () => {
  const { rows } = await sql(
    `select o.code, o.time_zone, m.email, m.name, m.role, e.customer_key, e.kinds, e.fields
       from portal.orgs o
       join staff.members m on m.org_id = o.id
       join staff.exposures e on e.org_id = o.id`,
    [],
  );
  expect(rows).toEqual([
    {
      code: 'ACME01',
      time_zone: 'America/Chicago',
      email: 'olga@acme.example',
      name: 'Olga Berg',
      role: 'owner',
      customer_key: null,
      kinds: [...DOCUMENT_KINDS],
      fields: [...EXPOSABLE_FIELDS],
    },
  ]);
});

test.each<[what: string, change: Partial<NewOrg>, told: string]>([
  ['a slug that is taken', { code: undefined }, 'an org "acme" already'],
  ['a code that is taken', { slug: 'other' }, 'ACME01 belongs to another org'],
  ['a slug out of shape', { slug: 'Acme!', code: undefined }, 'small letters'],
  ['a code out of shape', { slug: 'other', code: 'ACME-1' }, '6 letters and digits'],
  ['an unknown time zone', { slug: 'other', code: undefined, timeZone: 'Mars' }, '"Mars" is not'],
  ['no address', { slug: 'other', owner: { email: 'olga', name: 'Olga' } }, 'not an e-mail'],
])('%s is said plainly and makes nothing', async (_, change, told) => {
  await expect(createOrg(sql, { ...ACME, ...change })).rejects.toThrow(told);
  expect(await countOf('portal.orgs')).toBe(1);
  expect(await countOf('staff.members')).toBe(1);
});

test('without a code, a random one is given', async () => {
  const { code } = await createOrg(sql, { ...ACME, slug: 'random', code: undefined });
  expect(code).toMatch(/^[0-9A-Za-z]{6}$/);
});
