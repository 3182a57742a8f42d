/**
 * What of a payment goes to an invoice, where no row says: all of it, if the payment names no other
 * invoice in the file. With two invoices nobody but the file can say how it is shared out.
 */

import type { CanonicalField } from '../vocabulary.ts';
import type { Mention } from './items.ts';

type Payment = {
  line: number;
  amount: string | undefined;
  /** Key of its one allocation; null once there are two, or one says its amount itself. */
  allocation: string | null | undefined;
};

type Allocations = {
  /** Takes what a row says of a payment or of an allocation. */
  note: (mention: Mention, line: number) => void;
  /** The allocations that are whole payments, with their amounts. */
  rest: () => { mention: Mention; line: number }[];
};

/** Begins without any payment; what is left unsaid is known once all rows are noted. */
export function awaitAllocations(): Allocations {
  const payments = new Map<string, Payment>();
  const paymentOf = (key: string, line: number): Payment => {
    const known = payments.get(key) ?? { line, amount: undefined, allocation: undefined };
    payments.set(key, known);
    return known;
  };
  return {
    note(mention, line) {
      if (mention.kind === 'payment') {
        paymentOf(mention.key, line).amount ??= mention.fields.payment_amount;
      } else if (mention.kind === 'payment_allocation') {
        const [key = ''] = mention.key.split(' / ');
        const payment = paymentOf(key, line);
        const isOther = payment.allocation !== undefined && payment.allocation !== mention.key;
        payment.allocation = isOther || says(mention, 'payment_allocated') ? null : mention.key;
      }
    },
    rest: () =>
      [...payments.values()].flatMap(({ line, amount, allocation }) =>
        !allocation || amount === undefined
          ? []
          : [
              {
                line,
                mention: {
                  kind: 'payment_allocation',
                  key: allocation,
                  orderKey: null,
                  fields: { payment_allocated: amount },
                  problems: [],
                },
              },
            ],
      ),
  };
}

/** Whether a mention gives a field, be it in a cell that cannot be read. */
function says({ fields, problems }: Mention, field: CanonicalField): boolean {
  return fields[field] !== undefined || problems.some((problem) => problem.field === field);
}
