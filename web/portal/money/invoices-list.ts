import {
  INVOICE_FILTERS,
  INVOICE_KINDS,
  type InvoiceFilter,
  type InvoiceKind,
} from '../../../worker/vocabulary.ts';
import type { ApiError } from '../../lib/api.ts';
import { useResource } from '../../lib/resource.ts';
import { type Days, daysOf, isBackwards, searchOf, withQuery } from '../filters/days.ts';
import { type PagedList, usePages } from '../paged-list.ts';
import type { InvoiceRow, InvoicesPage } from '../types.ts';

/** Which invoices: of a kind, a status, some days of issue, and of a number that holds `q`. */
export type InvoicesWanted = Days & {
  kind?: InvoiceKind | undefined;
  status?: InvoiceFilter | undefined;
  q?: string | undefined;
};

/** What an address asks for; what is none is left out, and so is what goes without saying. Pure. */
export function wantedOf(query: Record<string, string | undefined>): InvoicesWanted {
  return {
    kind: INVOICE_KINDS.find((kind) => kind === query.kind),
    status: INVOICE_FILTERS.find((status) => status === query.status),
    q: searchOf(query),
    ...daysOf(query),
  };
}

export type Invoices = PagedList<InvoiceRow> & {
  /** Of all that is wanted, not of the rows that are here. */
  totals: InvoicesPage['totals'];
  asOf: string | null;
  error: ApiError | undefined;
  reload: () => void;
};

const pageOf = ({ invoices, nextCursor }: InvoicesPage) => ({ rows: invoices, nextCursor });

/** The invoices that are wanted, newest first. For days that stand the wrong way round nothing is asked. */
export function useInvoices(wanted: InvoicesWanted): Invoices {
  const path = withQuery('invoices', wantedOf(wanted));
  const { value, error, reload } = useResource<InvoicesPage>(isBackwards(wanted) ? null : path);
  const pages = usePages(path, value, pageOf);
  return { ...pages, totals: value?.totals ?? [], asOf: value?.asOf ?? null, error, reload };
}
