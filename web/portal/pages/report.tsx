import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NotShown } from '../components/not-shown.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { OrderPage } from '../types.ts';

const ReportForm = later(
  () => import('../issues/issues.tsx').then((module) => module.ReportForm),
  () => <Skeleton lines={9} />,
);

/** Something is wrong with an order: what, with which items, with photos. */
export function ReportPage({ orderId }: { orderId: string }) {
  const path = `orders/${encodeURIComponent(orderId)}`;
  const { value: page, error, reload } = useResource<OrderPage>(path);
  const notShown = error?.code === 'not_found' || error?.code === 'invalid';
  return (
    <Shell visit={page} title={notShown ? t('order.notShownTitle') : t('order.report')}>
      {page ? (
        <ReportForm page={page} path={path} />
      ) : notShown ? (
        <NotShown />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
    </Shell>
  );
}
