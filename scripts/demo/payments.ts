import { addDays, type Day, earlier } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Customer, Paper, Payment } from './model.ts';
import type { Cents } from './money.ts';

const METHODS = ['Bank transfer', 'Bank transfer', 'Bank transfer', 'Card', 'Cheque'];

/** What was paid of an invoice; nothing of a credit note. */
function paidOf({ invoice, kind }: Paper): Cents {
  return kind === 'invoice' ? (invoice?.paid ?? 0) : 0;
}

/**
 * Payments that add up to what the invoices say is paid: one for each, but that the first customer
 * pays its two oldest at once, and its third oldest in two parts. `onAccount` pays ahead, for nothing yet.
 */
export function paymentsFor(
  papers: readonly Paper[],
  how: { prefix: string; from: number; onAccount?: { customer: Customer; amount: Cents } },
  today: Day,
  random: Chance,
): Payment[] {
  const paid = papers.filter((paper) => paidOf(paper) > 0);
  const first = paid[0]?.order.customer;
  const [oldest, second, third] = paid.filter(({ order }) => order.customer === first);
  const yesterday = addDays(today, -1);
  const onTime = ({ date, order }: Paper) =>
    earlier(addDays(date, random.between(6, order.customer.termsDays)), yesterday);
  const payment = (of: readonly Paper[], shares: readonly Cents[], date: Day) => {
    const [paper] = of;
    if (!paper) throw new Error('a payment is for an invoice');
    return {
      customer: paper.order.customer,
      date,
      amount: shares.reduce((sum, share) => sum + share, 0),
      method: random.pick(METHODS),
      reference: of.map(({ number }) => number).join(', '),
      parts: of.map(({ number }, place) => ({ invoice: number, amount: shares[place] ?? 0 })),
    };
  };
  const made = paid.flatMap((paper): Omit<Payment, 'number'>[] => {
    const amount = paidOf(paper);
    if (paper === oldest && second) return [];
    if (paper === second && oldest) {
      return [payment([oldest, second], [paidOf(oldest), amount], onTime(paper))];
    }
    if (paper !== third) return [payment([paper], [amount], onTime(paper))];
    const begun = Math.floor(amount / 3);
    const date = addDays(paper.date, 5);
    return [
      payment([paper], [begun], date),
      payment([paper], [amount - begun], earlier(addDays(date, 20), yesterday)),
    ];
  });
  if (how.onAccount) {
    const { customer, amount } = how.onAccount;
    const reference = 'On account';
    made.push({
      customer,
      amount,
      reference,
      date: addDays(today, -4),
      method: 'Bank transfer',
      parts: [],
    });
  }
  return made
    .sort((a, b) => a.date.localeCompare(b.date) || a.reference.localeCompare(b.reference))
    .map((one, place) => ({ ...one, number: `${how.prefix}${how.from + place}` }));
}
