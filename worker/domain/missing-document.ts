/** Documents that an order should have by now, and has not. */
import type { DocumentKind, OrderStatus } from '../vocabulary.ts';

/** What goes with the goods, and what comes behind them. Of the others nobody can say whether there will be one. */
const EXPECTED: Partial<Record<OrderStatus, readonly DocumentKind[]>> = {
  shipped: ['packing_slip'],
  delivered: ['packing_slip', 'proof_of_delivery', 'invoice'],
};

/**
 * The kinds of which a document may be expected and none is there: a packing slip once the order is
 * shipped, a proof of delivery and an invoice once it is delivered. What is not shown to the customer
 * is not missed. Pure.
 *
 * @param shown the kinds that this customer may see, through this link
 */
export function missingDocuments(
  status: OrderStatus | null,
  shown: readonly DocumentKind[],
  documents: readonly { kind: DocumentKind }[],
): DocumentKind[] {
  const expected = (status && EXPECTED[status]) ?? [];
  return expected.filter(
    (kind) => shown.includes(kind) && !documents.some((document) => document.kind === kind),
  );
}
