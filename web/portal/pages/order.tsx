import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Back } from '../components/back.tsx';
import { Beside } from '../components/beside.tsx';
import { Neighbours } from '../components/neighbours.tsx';
import { NotShown } from '../components/not-shown.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { OrderPage as Page } from '../types.ts';

export const OrderView = later(
  () => import('../components/order-view.tsx').then((module) => module.OrderView),
  () => <Skeleton lines={9} />,
);

/** One order: how it stands, its paper, what was sent, what was ordered and for how much. */
export function OrderPage({ id }: { id: string }) {
  const { value: page, error, reload } = useResource<Page>(`orders/${encodeURIComponent(id)}`);
  const notShown = error?.code === 'not_found' || error?.code === 'invalid';
  const title = page && t('order.title', { number: page.order.number });
  return (
    <Shell visit={page} title={notShown ? t('order.notShownTitle') : title}>
      {!page && !notShown && <h1 class="unseen">{t('orders.number')}</h1>}
      <Back href="/orders" words={t('order.back')}>
        {page && <Neighbours page={page} />}
      </Back>
      {page ? (
        <OrderView page={page} />
      ) : notShown ? (
        <NotShown />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
      {!notShown && <Beside documents={page?.documents ?? []} />}
    </Shell>
  );
}
