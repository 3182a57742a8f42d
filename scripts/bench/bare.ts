/**
 * The Worker that `orders-list` is measured against: one update, one insert and one select of 20 as
 * one batch, through the same driver, and the rows as JSON. It checks, counts, logs
 * and hides nothing.
 */
import { neon, neonConfig } from '@neondatabase/serverless';

type Env = { DATABASE_URL: string; DATABASE_ENDPOINT: string };

let opened: ReturnType<typeof neon<false, false>> | undefined;
function open(env: Env) {
  neonConfig.fetchEndpoint = env.DATABASE_ENDPOINT;
  opened ??= neon(env.DATABASE_URL, { isolationLevel: 'ReadCommitted' });
  return opened;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const sql = open(env);
    const asked = new URL(request.url).searchParams;
    const [org, customer] = [asked.get('org'), asked.get('customer')];
    const [, , orders] = await sql.transaction([
      sql`update bench.links set hour_count = hour_count + 1, used_at = now() where customer_id = ${customer}`,
      sql`insert into bench.events (org_id, actor_kind, customer_id, action, request_id)
          values (${org}, 'customer', ${customer}, 'orders.listed', ${crypto.randomUUID()})`,
      sql`select id, number, placed_on, status, items_count, po_number, expected_delivery
            from bench.orders where org_id = ${org} and customer_id = ${customer}
           order by placed_on desc, id desc limit 20`,
    ]);
    return Response.json({ orders });
  },
};
