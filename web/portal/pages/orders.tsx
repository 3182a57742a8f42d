import { t } from '../../lib/i18n.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';

const AllOrders = later(
  () => import('../components/all-orders.tsx').then((module) => module.AllOrders),
  () => <Skeleton lines={9} />,
);

/** Every order there is for this customer, to search and to sort. */
export function OrdersPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.orders')}>
      <AllOrders />
    </Shell>
  );
}
