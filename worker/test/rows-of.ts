/** What the database holds, seen from outside the walls: to say that a refusal changed nothing. */
import { expect, vi } from 'vitest';
import type { Stack } from './stack.ts';

/** Every table of the product, by name: `portal.orders`, … A new table is among them by itself. */
export async function tablesOf(stack: Stack): Promise<string[]> {
  const rows = await stack.sql<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname !~ '^(pg_|information_schema$|drizzle$)' and c.relkind in ('r', 'p', 'v', 'm', 'f')
      order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** A fingerprint of every row of some orgs, table by table, and of their files in the bucket. */
export async function fingerprintOf(
  stack: Stack,
  ...orgIds: string[]
): Promise<Record<string, string>> {
  // What no org owns, such as a carrier's state, is nobody's to have changed; and what a job notes of itself
  // once it has ended is no request's doing.
  const beside = ['staff.carrier_state', 'staff.integration_log'];
  const tables = (await tablesOf(stack)).filter((table) => !beside.includes(table));
  const prints = tables.map(
    (table) =>
      `select '${table}' as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as print
         from ${table} t where ${table === 'portal.orgs' ? 'id' : 'org_id'} = any ($1::uuid[])`,
  );
  const rows = await stack.sql<{ name: string; print: string }>(prints.join(' union all '), [
    `{${orgIds.join(',')}}`,
  ]);
  const bucket = await stack.bucket();
  const listed = await Promise.all(orgIds.map((prefix) => bucket.list({ prefix })));
  return {
    ...Object.fromEntries(rows.map(({ name, print }) => [name, print])),
    bucket: listed.flatMap(({ objects }) => objects.map(({ key }) => key)).join(' '),
  };
}

/**
 * Waits until no letter of these orgs is on its way and no rendition is being made: both change rows. A
 * digest that waits for more changes none.
 */
export async function settle(stack: Stack, orgIds: string[]): Promise<void> {
  const waiting = () =>
    stack.sql(
      `select 'a letter' as what, event as name from staff.outbox
        where state = 'queued' and org_id = any ($1::uuid[]) and not (template = 'news' and due_at > now())
       union all
       select 'a hint', customer_id::text from staff.hints where org_id = any ($1::uuid[])
       union all
       select 'a rendition', name from staff.publishes where unprepared and status = 'staged' and org_id = any ($1::uuid[])`,
      [`{${orgIds.join(',')}}`],
    );
  // What a request has set going is in its hands: the minute's cron passes it over, and it takes its time.
  await vi.waitFor(
    async () => {
      if ((await waiting()).length > 0) await stack.minute();
      expect(await waiting()).toEqual([]);
    },
    { timeout: 15_000, interval: 50 },
  );
}
