/**
 * The Worker that `orders-list` and `statement` are measured against, through the same driver, the rows as JSON.
 * For the list, one update, one insert and one select of 20 as one batch; for the statement, its movements with a
 * running sum. It checks, counts, logs and hides nothing.
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
    if (asked.has('movements')) {
      const movements = await sql`
        select i.issued_on, i.kind, i.number, i.credits_key, i.due_on, i.amount, i.currency,
               sum(i.amount) over (order by i.issued_on, i.number) as balance
          from (select v.issued_on, v.kind, v.number, v.credits_key, v.due_on, v.currency,
                       case v.kind when 'credit_note' then -v.total else v.total end as amount
                  from bench.invoices v where v.org_id = ${org} and v.customer_id = ${customer}
                union all
                select y.paid_on, 'payment', y.number, y.reference, null, y.currency, -y.amount
                  from bench.payments y where y.org_id = ${org} and y.customer_id = ${customer}) i
         where i.issued_on between '2025-01-01' and '2025-12-31'
         order by i.issued_on, i.number`;
      return Response.json({ movements });
    }
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
