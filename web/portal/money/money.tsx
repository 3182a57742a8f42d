/** What is fetched when a person looks at money: one chunk, since its parts share their words. */
import type { Resource } from '../../lib/resource.ts';
import { Beside } from '../components/beside.tsx';
import type { InvoicePage } from '../types.ts';
import { InsightsView } from './insights-view.tsx';
import { InvoiceList } from './invoice-list.tsx';
import { InvoiceView } from './invoice-view.tsx';
import { PaymentList } from './payment-list.tsx';

const LISTS = { invoices: InvoiceList, payments: PaymentList, insights: InsightsView };

/** The page of this name, or the invoice that is asked for. */
export function Money({
  name,
  invoice,
}: {
  name: keyof typeof LISTS;
  invoice: Resource<InvoicePage> | null;
}) {
  const List = LISTS[name];
  if (invoice === null) return <List />;
  return (
    <>
      <InvoiceView {...invoice} />
      {invoice.value && <Beside documents={invoice.value.documents} />}
    </>
  );
}
