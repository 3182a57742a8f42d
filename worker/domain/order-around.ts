/** What stands around an order on its page. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { DocumentKind } from '../vocabulary.ts';

export type CreditNote = {
  id: string;
  number: string;
  /** Day, YYYY-MM-DD. */
  issuedOn: string | null;
  /** Decimal text, beside its currency, with or without a minus as it was published. */
  currency: string | null;
  total: string | null;
  /** Of its paper; null while there is none. */
  documentId: string | null;
};

type Neighbour = { id: string; number: string };
type OrderAround = {
  /** The kinds of document that this customer may see, through this link. */
  kinds: DocumentKind[];
  /** The order above and the one below in the list of all, newest first. */
  previous: Neighbour | null;
  next: Neighbour | null;
  /** What names the order or one of its invoices, newest first; none through a link without financials. */
  creditNotes: CreditNote[];
};

/** One row, or none for an order that is not visible to this customer. */
export function readOrderAround(db: Db, orderId: string) {
  return db.execute<OrderAround>(sql`
    select to_jsonb(kinds) as kinds, previous, next, credit_notes as "creditNotes"
      from portal.order_around(${orderId}::uuid)`);
}
