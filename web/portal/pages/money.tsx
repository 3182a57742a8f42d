import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { InvoicePage } from '../types.ts';

const Money = later(
  () => import('../money/money.tsx').then((module) => module.Money),
  () => <Skeleton lines={9} />,
);

/** Invoices (or one of them), payments, what was bought: what they show is fetched as one part. */
export function MoneyPage({
  name,
  id,
}: {
  name: 'invoices' | 'payments' | 'insights';
  id?: string;
}) {
  // Through a link without amounts there is no invoice to ask for, only the word that it shows none.
  const asked = knownVisit()?.link.scope === 'no_financials' ? undefined : id;
  const invoice = useResource<InvoicePage>(asked ? `invoices/${encodeURIComponent(asked)}` : null);
  const { number, kind } = invoice.value?.invoice ?? {};
  return (
    <Shell
      visit={invoice.value ?? knownVisit()}
      title={
        number && kind
          ? t('document.named', { kind: t(`documentKind.${kind}`), number })
          : t(`nav.${name}`)
      }
    >
      <Money name={name} invoice={asked ? invoice : null} />
    </Shell>
  );
}
