/** Live rows in bulk, as an approval would have projected them: through the owner's connection. */
import { customerRow, makeLink, makeOrg, type Org, publish } from '../../worker/test/cast.ts';
import { type Customer, openLink } from '../../worker/test/clients.ts';
import type { Stack } from '../../worker/test/stack.ts';

/** More than a benchmark can send in an hour. */
const UNCOUNTED = 1_000_000_000;

/** A supplier whose links are not limited, with customers `C-0` … as published and linked. */
export async function makeSupplier(
  stack: Stack,
  customers: number,
): Promise<{ org: Org; visitors: Customer[] }> {
  const org = await makeOrg(stack, 'Bench Supplies');
  await stack.sql('update portal.orgs set hourly_request_limit = $2 where id = $1', [
    org.id,
    UNCOUNTED,
  ]);
  const codes = Array.from({ length: customers }, (_, i) => `C-${i}`);
  const rows = codes.map((code) => customerRow(code, org));
  await publish(org, rows);
  const visitors: Customer[] = [];
  for (const code of codes) {
    const link = await makeLink(stack, org, code);
    visitors.push(await openLink(stack, link.url));
  }
  return { org, visitors };
}

/** Customers that nobody visits, whose orders are in the way: `X-0` … */
export async function addCrowd(stack: Stack, org: Org, customers: number): Promise<void> {
  await stack.sql(
    `insert into portal.customers (org_id, code, code_key, name)
     select $1, 'X-' || i, 'X-' || i, 'Crowd ' || i from generate_series(0, $2::int - 1) i`,
    [org.id, customers],
  );
}

/**
 * Orders of the customers whose code begins with `prefix`, shared out evenly over them and over a
 * year. Numbers are taken from `from` on.
 */
export async function addOrders(
  stack: Stack,
  org: Org,
  { prefix, from, count }: { prefix: string; from: number; count: number },
): Promise<void> {
  await stack.sql(
    `with among as materialized (
       select array_agg(id order by id) as ids from portal.customers where org_id = $1 and code_key like $2 || '%'
     )
     insert into portal.orders (org_id, customer_id, number, number_key, placed_on, status, items_count, po_number)
     select $1, ids[1 + i % cardinality(ids)], 'B-' || i, 'B-' || i, current_date - (i * 7919::bigint % 365)::int,
            'shipped', i % 9 + 1, 'PO-' || i
       from among, generate_series($3::int, $3::int + $4::int - 1) i`,
    [org.id, prefix, from, count],
  );
}

/** What hangs on the orders of such customers: an amount each, and an invoice for one in three. */
export async function addPaperwork(stack: Stack, org: Org, prefix: string): Promise<void> {
  const theirs = `portal.orders o join portal.customers c on c.id = o.customer_id
    where o.org_id = $1 and c.code_key like $2 || '%'`;
  await stack.sql(
    `insert into portal.order_amounts (org_id, customer_id, order_id, currency, total)
     select o.org_id, o.customer_id, o.id, 'EUR', 100 + o.items_count from ${theirs}`,
    [org.id, prefix],
  );
  await stack.sql(
    `insert into portal.documents (org_id, customer_id, order_id, kind, number, number_key, file_name, file_sha256, file_size, object_sha256, object_size)
     select o.org_id, o.customer_id, o.id, 'invoice', o.number, o.number_key, 'a.pdf', repeat('0', 64), 1000, repeat('0', 64), 1000
       from ${theirs} and o.items_count % 3 = 0`,
    [org.id, prefix],
  );
}
