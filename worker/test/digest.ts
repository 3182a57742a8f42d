import { expect, vi } from 'vitest';
import type { Stack } from './stack.ts';

/** Waits until an org has no letter on its way and no rendition to be made: what a job writes is not what a test looks for. */
export async function settle(stack: Stack, orgId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await stack.minute();
      const waiting = await stack.sql(
        `select event from staff.outbox where org_id = $1 and state = 'queued' and due_at <= now()
         union all select name from staff.publishes where org_id = $1 and status = 'staged' and unprepared`,
        [orgId],
      );
      expect(waiting).toEqual([]);
    },
    { timeout: 10_000, interval: 50 },
  );
}

/** Each table with how many rows an org has in it and a hash of them: equal when nothing changed. */
export async function digestOf(stack: Stack, orgId: string): Promise<Record<string, string>> {
  const tables = await stack.sql<{ name: string; org: string }>(
    `select format('%I.%I', table_schema, table_name) as name, min(column_name) as org
       from information_schema.columns
      where table_schema in ('portal', 'staff', 'audit')
        and (column_name = 'org_id' or table_name = 'orgs' and column_name = 'id')
      group by 1 order by 1`,
  );
  const rows = await stack.sql<{ name: string; held: string }>(
    tables
      .map(
        ({ name, org }) =>
          `select '${name}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as held
             from ${name} t where ${org} = $1::uuid`,
      )
      .join(' union all '),
    [orgId],
  );
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
}
