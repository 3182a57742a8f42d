/** What an approval would send out, in words. */
import type { PublishSummary, Review, ReviewCustomer } from '../../types.ts';
import { joined, kindWords, t } from '../../words.ts';

/** "62 orders and 150 documents"; what is neither is counted only where nothing else is there. */
export function whatGoes({
  items,
  orders,
  documents,
}: {
  items: number;
  orders: number;
  documents: number;
}): string {
  const parts = [
    orders > 0 && t('review.orders', { count: orders }),
    documents > 0 && t('review.documents', { count: documents }),
  ].filter((part) => part !== false);
  return parts.length > 0 ? joined(parts) : t('review.items', { count: items });
}

/** The first sentence of a review: what, and to how many. */
export function outgoingWords({ totals, imports }: Review): string {
  if (imports.length === 0) return t('review.emptyPublish');
  if (totals.passes === 0) return t('review.outNothing');
  if (totals.passing.customers === 0) return t('review.outSame');
  return t('review.out', {
    what: whatGoes({
      items: totals.passes,
      orders: totals.passing.orders,
      documents: totals.passing.documents,
    }),
    customers: t('review.toCustomers', { count: totals.passing.customers }),
  });
}

/** What else the approver should know before signing: who is new, and what stays behind. */
export function besidesWords(review: Review): string[] {
  const { totals } = review;
  const contacts = totals.passing.contacts;
  return [
    contacts > 0 && t('review.recipientsGet', { count: contacts }),
    ...widenedWords(review),
    totals.overridden > 0 && t('review.overrides', { count: totals.overridden }),
    ...staysWords(review),
  ].filter((part) => part !== false);
}

/** What signing would show a customer for the first time, by its names. */
export function widenedNames({
  widenedKinds,
  widenedFields,
}: Pick<ReviewCustomer, 'widenedKinds' | 'widenedFields'>): string[] {
  return [
    ...widenedKinds.map((kind) => kindWords(kind)),
    ...widenedFields.map((field) => t(`fields.${field}`)),
  ];
}

/** Who would see more than they do, and what: "2 customers will see more: Acme: Invoice; Borealis: Unit price." */
export function widenedWords({ totals, widened }: Pick<Review, 'totals' | 'widened'>): string[] {
  const count = totals.passing.widened;
  if (count === 0) return [];
  const named = widened
    .map((customer) => `${customer.name ?? customer.key}: ${joined(widenedNames(customer))}`)
    .join('; ');
  const others = count - widened.length;
  const list = others > 0 ? t('reviewApprove.widenedMore', { list: named, count: others }) : named;
  return [t('reviewApprove.widened', { count, list })];
}

/** What an approval leaves where it is, and why. */
export function staysWords({ totals }: Pick<Review, 'totals'>): string[] {
  return [
    totals.blocked > 0 && t('review.staysBlocked', { count: totals.blocked }),
    totals.excluded > 0 && t('review.staysOut', { count: totals.excluded }),
    totals.awaitingTick > 0 && t('review.staysUnticked', { count: totals.awaitingTick }),
  ].filter((part) => part !== false);
}

/**
 * What is signed, in one line: "512 documents to 43 customers; 3 first-time customers; 2 overrides".
 * What there is none of is not said.
 */
export function signedWords({ totals }: Pick<Review, 'totals'>): string {
  const { customers, firstCustomers, orders, documents, contacts } = totals.passing;
  const parts = [
    customers === 0
      ? t('review.outSame')
      : t('reviewApprove.to', {
          what: whatGoes({ items: totals.passes, orders, documents }),
          customers: t('review.toCustomers', { count: customers }),
        }),
    firstCustomers > 0 && t('reviewApprove.firstTime', { count: firstCustomers }),
    contacts > 0 && t('reviewApprove.recipients', { count: contacts }),
    totals.overridden > 0 && t('reviewApprove.overrides', { count: totals.overridden }),
  ];
  return parts.filter((part) => part !== false).join('; ');
}

/** What an approval did. */
export function publishedWords(summary: PublishSummary): string {
  if (summary.customers === 0) return t('review.publishedSame');
  return t('review.publishedTo', {
    what: whatGoes(summary),
    customers: t('review.toCustomers', { count: summary.customers }),
  });
}
