/**
 * What holds of an invoice where no row of the file says otherwise: its kind, and the date of its
 * document. As long as a row may still say it, it waits for the end.
 */

import type { CanonicalField } from '../vocabulary.ts';
import type { Mention, Values } from './items.ts';

type Waiting = {
  line: number;
  /** What no row has said so far. */
  defaults: Values;
  said: CanonicalField[];
};

type Unsaid = {
  /** Takes a mention's defaults: into its fields where no other row can say them. */
  note: (mention: Mention, line: number) => void;
  /** What nobody said, as mentions of the items it holds of. */
  rest: () => { mention: Mention; line: number }[];
};

const MAY_WAIT = ['document_kind', 'invoice_date'] as const satisfies readonly CanonicalField[];

/** `columns` says what rows can say at all. */
export function awaitSaid(columns: readonly (CanonicalField | null)[]): Unsaid {
  const later = MAY_WAIT.filter((field) => columns.includes(field));
  const invoices = new Map<string, Waiting | 'all said'>();

  const wait = (mention: Mention, defaults: Values, line: number): void => {
    const known = invoices.get(mention.key);
    if (known === 'all said') return;
    const invoice = known ?? { line, defaults: {}, said: [] };
    for (const field of later) {
      if (mention.fields[field] !== undefined) {
        if (!invoice.said.includes(field)) invoice.said.push(field);
        delete invoice.defaults[field];
      } else if (!invoice.said.includes(field)) {
        const value = defaults[field];
        if (value !== undefined) invoice.defaults[field] ??= value;
      }
    }
    invoices.set(mention.key, invoice.said.length === later.length ? 'all said' : invoice);
  };

  return {
    note(mention, line) {
      const { defaults } = mention;
      if (defaults === undefined) return;
      if (later.length > 0) wait(mention, defaults, line);
      for (const name in defaults) {
        const field = name as CanonicalField; // sound: `Values` has no other keys
        const value = defaults[field];
        if (value === undefined || later.some((one) => one === field)) continue;
        mention.fields[field] ??= value;
      }
    },
    rest: () =>
      [...invoices].flatMap(([key, invoice]) =>
        invoice === 'all said' || Object.keys(invoice.defaults).length === 0
          ? []
          : [
              {
                line: invoice.line,
                mention: {
                  kind: 'invoice',
                  key,
                  orderKey: null,
                  fields: invoice.defaults,
                  problems: [],
                },
              },
            ],
      ),
  };
}
