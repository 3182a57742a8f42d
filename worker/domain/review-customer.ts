/** Whom a publish would show something, and how much. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { anywhere } from '../database/text.ts';
import type { CustomerShow, DocumentKind, ExposableField } from '../vocabulary.ts';

export const REVIEW_CUSTOMERS_PAGE_SIZE = 100;

export type ReviewCustomer = {
  key: string;
  name: string | null;
  items: number;
  orders: number;
  documents: number;
  contacts: number;
  /** Some new recipient of theirs can be ticked, and is not. */
  hasOpenContacts: boolean;
  passes: number;
  blocked: number;
  /** Nothing has been approved for this customer before. */
  isFirst: boolean;
  /** Somebody left them out of this publish. */
  excluded: boolean;
  kinds: DocumentKind[];
  fields: ExposableField[];
  /** What signing would show them beyond what is in force for them; nothing for who is first. */
  widenedKinds: DocumentKind[];
  widenedFields: ExposableField[];
};

/** Revisions wait for a tick as well: only where something waits, and there are contacts, is it looked for. */
const hasOpenContacts = sql`
  case when c.counts->>'awaitingTick' = '0' or c.counts->>'contacts' = '0' then false
       else coalesce((select true from staff.reviewed_items w
                       where w.publish_id = c.publish_id and w.customer_key = c.customer_key
                         and w.kind = 'contact' and w.change = 'new'
                         and w.needs_tick and not w.ticked and not w.blocked and not w.excluded
                       limit 1), false) end`;

/** A row of `staff.reviewed_customers`, called c, as the web reads it. */
export const customerJson = sql`jsonb_build_object(
  'key', c.customer_key, 'name', c.name, 'items', c.counts->'items', 'orders', c.counts->'orders',
  'documents', c.counts->'documents', 'contacts', c.counts->'contacts', 'hasOpenContacts', ${hasOpenContacts},
  'passes', c.counts->'passes', 'blocked', c.counts->'blocked', 'isFirst', c.is_first, 'excluded', c.excluded, 'kinds', c.kinds, 'fields', c.fields,
  'widenedKinds', c.widened_kinds, 'widenedFields', c.widened_fields)`;

/** Whether signing would show a customer of `staff.reviewed_customers`, called c, more than they see. */
export const isWidened = sql`(c.widened_kinds <> '{}' or c.widened_fields <> '{}')`;

/** How customers are found in a long review. `after` is the name and key that the last page ended with. */
export type CustomersFilter = {
  q?: string | undefined;
  show: CustomerShow;
  after?: readonly [name: string, key: string] | undefined;
};

/** A page of the customers of a kept review, by name, and one more. */
export function listReviewCustomers(db: Db, publishId: string, filter: CustomersFilter) {
  const { q, show, after } = filter;
  const wanted = anywhere(q ?? '');
  const conditions = [
    sql`c.publish_id = ${publishId}::uuid`,
    q && sql`(c.name ilike ${wanted} or c.customer_key ilike ${wanted})`,
    show === 'problems' && sql`(c.counts->>'blocked' <> '0' or c.counts->>'warnings' <> '0')`,
    show === 'first' && sql`c.is_first`,
    show === 'excluded' && sql`c.excluded`,
    show === 'widened' && isWidened,
    after && sql`(left(coalesce(c.name, ''), 100), c.customer_key) > (${after[0]}, ${after[1]})`,
  ].filter((condition) => typeof condition === 'object');
  return db.execute<{ customer: ReviewCustomer }>(sql`
    select ${customerJson} as customer from staff.reviewed_customers c
     where ${sql.join(conditions, sql` and `)}
     order by left(coalesce(c.name, ''), 100), c.customer_key
     limit ${REVIEW_CUSTOMERS_PAGE_SIZE + 1}`);
}
