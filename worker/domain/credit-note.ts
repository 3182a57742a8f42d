/** Credit notes as a customer reads them. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

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

/**
 * What was credited of an order, newest first: notes that name it, and notes that credit one of its
 * invoices. None through a link without financials.
 */
export function listCreditNotes(db: Db, orderId: string) {
  return db.execute<CreditNote>(sql`
    select n.id, n.number, n.issued_on::text as "issuedOn", n.currency, n.total::text as total, d.id as "documentId"
      from portal.invoices n
      left join portal.documents d on d.kind = 'credit_note' and d.number_key = n.number_key
     where n.kind = 'credit_note'
       and exists (select 1 from portal.orders o where o.id = ${orderId}::uuid)
       and (n.order_id = ${orderId}::uuid
            or n.credits_key in (select i.number_key from portal.invoices i
                                  where i.kind = 'invoice' and i.order_id = ${orderId}::uuid))
     order by n.issued_on desc nulls last, n.number_key`);
}
