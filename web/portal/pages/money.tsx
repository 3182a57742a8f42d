/** Pages about money: what they show is fetched as one part. */
import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Beside } from '../components/beside.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { InvoicePage as Page } from '../types.ts';

const load = () => import('../money/money.tsx');
const meanwhile = () => <Skeleton lines={9} />;
const InvoiceList = later(() => load().then((money) => money.InvoiceList), meanwhile);
const InvoiceView = later(() => load().then((money) => money.InvoiceView), meanwhile);
const PaymentList = later(() => load().then((money) => money.PaymentList), meanwhile);
const InsightsView = later(() => load().then((money) => money.InsightsView), meanwhile);

/** Every invoice and credit note, to search, with what is left of each. */
export function InvoicesPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.invoices')}>
      <InvoiceList />
    </Shell>
  );
}

/** One invoice or credit note: what is left of it, and what made it so. */
export function InvoicePage({ id }: { id: string }) {
  const invoice = useResource<Page>(`invoices/${encodeURIComponent(id)}`);
  const page = invoice.value;
  return (
    <Shell
      visit={page}
      title={
        page &&
        t('document.named', {
          kind: t(`documentKind.${page.invoice.kind}`),
          number: page.invoice.number,
        })
      }
    >
      <InvoiceView {...invoice} />
      {page && <Beside documents={page.documents} />}
    </Shell>
  );
}

/** What was paid, when, and where it went. */
export function PaymentsPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.payments')}>
      <PaymentList />
    </Shell>
  );
}

/** What was bought, by month and by product. */
export function InsightsPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.insights')}>
      <InsightsView />
    </Shell>
  );
}
