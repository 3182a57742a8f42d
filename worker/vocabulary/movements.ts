/** A line of a statement of account, and how it travels from the database to whoever shows it. */

/** What moved what is owed; `paid` and `refunded` are what a paper's own row says, of no payment that is known. */
type MovementKind = 'invoice' | 'credit_note' | 'payment' | 'paid' | 'refunded';

/** One line. Days are YYYY-MM-DD, amounts decimal text, one of debit and credit null. */
export type Movement = {
  date: string;
  kind: MovementKind;
  number: string;
  /** What a payment names, or the invoice that a credit note reduces. */
  reference: string | null;
  dueOn: string | null;
  debit: string | null;
  credit: string | null;
  /** What is owed after this line. */
  balance: string;
  /** It stands under the invoice that it reduces, which is of the period too. */
  isUnder: boolean;
  /** Of its paper; null where there is none. */
  documentId: string | null;
};

/**
 * A movement as it travels: day, kind, number, reference, due day, amount (a credit's with a minus), balance,
 * `under` for one that stands under its invoice, and its document. Thousands travel, so their names do not.
 */
export type MovementRow = readonly [
  date: string,
  kind: MovementKind,
  number: string,
  reference: string | null,
  dueOn: string | null,
  amount: string,
  balance: string,
  under: 'under' | null,
  documentId: string | null,
];

/** A movement with its names, for whoever shows it: a page, a PDF, a CSV. */
export function movementOf(row: MovementRow): Movement {
  const [date, kind, number, reference, dueOn, amount, balance, under, documentId] = row;
  const isCredit = amount.startsWith('-');
  return {
    date,
    kind,
    number,
    reference,
    dueOn,
    debit: isCredit ? null : amount,
    credit: isCredit ? amount.slice(1) : null,
    balance,
    isUnder: under !== null,
    documentId,
  };
}
