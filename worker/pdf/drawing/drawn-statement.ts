import type { DrawnDocument } from './drawn-document.ts';

/** A line of an account. Days are `YYYY-MM-DD`, amounts decimal text. */
export type DrawnMovement = {
  date: string;
  kind: 'invoice' | 'credit_note' | 'payment' | 'paid' | 'refunded';
  number: string;
  reference: string | null;
  dueOn: string | null;
  debit: string | null;
  credit: string | null;
  balance: string;
  isUnder: boolean;
};

export const AGES = ['current', 'to30', 'to60', 'to90', 'to120', 'over120', 'unallocated'] as const;
export type Age = (typeof AGES)[number];

/** The account in one currency. */
export type DrawnBlock = {
  currency: string;
  opening: string;
  debits: string;
  credits: string;
  closing: string;
  undated: number;
  aging: Record<Age, string>;
  movements: DrawnMovement[];
};

/** What a statement of account says. `number` is null for a period of its reader's own choice. */
export type DrawnStatement = Pick<
  DrawnDocument,
  'language' | 'supplier' | 'logo' | 'customer' | 'asOf' | 'stamp'
> & {
  kind: 'statement';
  number: string | null;
  statement: {
    from: string;
    to: string;
    blocks: DrawnBlock[];
    leftOut: string[];
    /** What is dated behind the last day, and owed or paid all the same. Not told of a month that is over. */
    later?: number;
  };
};
