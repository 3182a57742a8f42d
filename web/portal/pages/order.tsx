import { formatDay, formatNumber } from '../../lib/format.ts';
import { t, withWords } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { LinkButton } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { Beside } from '../components/beside.tsx';
import { Documents } from '../components/documents.tsx';
import { NotShown } from '../components/not-shown.tsx';
import { OrderLines } from '../components/order-lines.tsx';
import { Shell } from '../components/shell.tsx';
import { Shipments } from '../components/shipments.tsx';
import { later } from '../later.tsx';
import type { DocumentRow, Issue, OrderDetail, OrderPage as Page } from '../types.ts';
import { useZip, ZipButton, ZipError } from '../zip.tsx';
import css from './order.module.css';

const IssueList = later(
  () => withWords(import('../issues/issues.tsx')).then((module) => module.IssueList),
  () => <Skeleton lines={1} />,
);

/** One order: how it stands, its paper, what was sent, what was ordered and for how much. */
export function OrderPage({ id }: { id: string }) {
  const { value: page, error, reload } = useResource<Page>(`orders/${encodeURIComponent(id)}`);
  const notShown = error?.code === 'not_found' || error?.code === 'invalid';
  const title = page && t('order.title', { number: page.order.number });
  return (
    <Shell visit={page} title={notShown ? t('order.notShownTitle') : title}>
      {!page && !notShown && <h1 class="unseen">{t('orders.number')}</h1>}
      <p class={css.back}>
        <a href="/">
          <Icon name="arrowBack" />
          {t('order.back')}
        </a>
      </p>
      {page ? (
        <Order page={page} />
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

function Order({ page }: { page: Page }) {
  const { order, lines, shipments, documents, issues, org } = page;
  return (
    <>
      <div class={css.head}>
        <h1>{t('order.title', { number: order.number })}</h1>
        {order.status && <StatusBadge status={order.status} />}
      </div>
      <Card>
        <Facts facts={factsOf(order)} />
      </Card>
      <Papers orderId={order.id} documents={documents} org={org.name} />
      {shipments.length > 0 && (
        <section class={css.section} aria-labelledby="shipments">
          <h2 id="shipments">{t('order.shipments', { count: shipments.length })}</h2>
          <Shipments shipments={shipments} />
        </section>
      )}
      <Issues orderId={order.id} issues={issues} org={org.name} />
      <OrderLines lines={lines} amounts={order.amounts} />
    </>
  );
}

function Papers(props: { orderId: string; documents: DocumentRow[]; org: string }) {
  const { orderId, documents, org } = props;
  const zip = useZip(`orders/${orderId}/documents.zip`);
  return (
    <section class={css.section} aria-labelledby="documents">
      <div class={css.sectionHead}>
        <h2 id="documents">{t('order.documents')}</h2>
        {documents.length > 1 && <ZipButton zip={zip}>{t('zip.order')}</ZipButton>}
      </div>
      <ZipError zip={zip} narrow={<a href="/documents">{t('zip.narrow')}</a>} />
      {documents.length > 0 ? (
        <Documents documents={documents} />
      ) : (
        <p class={css.quiet}>{t('order.noDocuments', { org })}</p>
      )}
    </section>
  );
}

function Issues({ orderId, issues, org }: { orderId: string; issues: Issue[]; org: string }) {
  return (
    <section class={css.section} aria-labelledby="issues">
      <div class={css.sectionHead}>
        <h2 id="issues">{t('order.issues')}</h2>
        <LinkButton icon="warning" href={`/orders/${orderId}/report`}>
          {t('order.report')}
        </LinkButton>
      </div>
      {issues.length > 0 ? (
        <IssueList issues={issues} />
      ) : (
        <p class={css.quiet}>{t('order.noIssues', { org })}</p>
      )}
    </section>
  );
}

function factsOf(order: OrderDetail) {
  const { cancelledOn, expectedShip, expectedDelivery, itemsCount, poNumber, status } = order;
  const isOver = status === 'delivered' || status === 'cancelled';
  const isSent = isOver || status === 'shipped';
  return [
    { label: t('order.placed'), value: formatDay(order.placedOn) },
    { label: t('order.cancelled'), value: cancelledOn && formatDay(cancelledOn) },
    { label: t('order.po'), value: poNumber },
    {
      label: t('order.expectedShip'),
      value: expectedShip && !isSent ? formatDay(expectedShip) : null,
    },
    {
      label: t('order.expectedDelivery'),
      value: expectedDelivery && !isOver ? formatDay(expectedDelivery) : null,
    },
    { label: t('order.items'), value: itemsCount === null ? null : formatNumber(itemsCount) },
    { label: t('order.deliverTo'), value: order.deliveryAddress, wide: true },
  ];
}
