import type { Stack } from './stack.ts';

/** Every table with its number of rows and a hash of all they hold: equal when nothing changed. */
export async function digestOf(stack: Stack): Promise<Record<string, string>> {
  const tables = await stack.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('portal', 'staff', 'audit') order by 1`,
  );
  const rows = await stack.sql<{ name: string; held: string }>(
    tables
      .map(
        ({ name }) =>
          `select '${name}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as held from ${name} t`,
      )
      .join(' union all '),
  );
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
}
