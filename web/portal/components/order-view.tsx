import { formatDay, formatNumber } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { later } from '../later.tsx';
import type { Issue, OrderPage as Page } from '../types.ts';
import { useZip, ZipButton, ZipError } from '../zip.tsx';
import { Documents } from './documents.tsx';
import { OrderTimeline } from './order-timeline.tsx';
import css from './order-view.module.css';
import { Shipments } from './shipments.tsx';

const IssueList = later(
  () => import('../issues/issues.tsx').then((module) => module.IssueList),
  () => <Skeleton lines={1} />,
);
/** Last on the page, and so last to be fetched. */
const OrderLines = later(
  () => import('./order-lines.tsx').then((module) => module.OrderLines),
  () => <Skeleton lines={6} />,
);
const CreditNotes = later(
  () => import('./credit-notes.tsx').then((module) => module.CreditNotes),
  () => <Skeleton lines={2} />,
);

/** All that an order's page says of it. Fetched with the page itself: see the links in its head. */
export function OrderView({ page }: { page: Page }) {
  const { order, lines, shipments, creditNotes, issues, org } = page;
  return (
    <>
      <div class={css.head}>
        <h1>{t('order.title', { number: order.number })}</h1>
        {order.status && <StatusBadge status={order.status} />}
        <div class={css.print}>
          <Button icon="printer" onClick={() => print()}>
            {t('order.print')}
          </Button>
        </div>
      </div>
      <Card>
        <div class={css.section}>
          <OrderTimeline facts={page} />
          <Facts facts={factsOf(page)} />
        </div>
      </Card>
      <Papers page={page} />
      {shipments.length > 0 && (
        <section class={css.section} aria-labelledby="shipments">
          <h2 id="shipments">{t('order.shipments', { count: shipments.length })}</h2>
          <Shipments shipments={shipments} arrived={order.status === 'delivered'} org={org.name} />
        </section>
      )}
      <Issues orderId={order.id} issues={issues} org={org.name} />
      <OrderLines lines={lines} amounts={order.amounts} />
      {creditNotes.length > 0 && <CreditNotes notes={creditNotes} orderId={order.id} />}
    </>
  );
}

function Papers({ page: { order, documents, missing, org } }: { page: Page }) {
  const zip = useZip(`orders/${order.id}/documents.zip`);
  return (
    <section class={css.section} aria-labelledby="documents">
      <div class={css.sectionHead}>
        <h2 id="documents">{t('order.documents')}</h2>
        {documents.length > 1 && <ZipButton zip={zip}>{t('zip.order')}</ZipButton>}
      </div>
      <ZipError zip={zip} narrow={<a href="/documents">{t('zip.narrow')}</a>} />
      {documents.length > 0 && <Documents documents={documents} />}
      {documents.length === 0 && missing.length === 0 && (
        <p class={css.quiet}>{t('order.noDocuments', { org: org.name })}</p>
      )}
      {missing.length > 0 && (
        <ul class={css.missing}>
          {missing.map((kind) => (
            <li key={kind}>
              <Icon name="clock" />
              {t('order.missing', { kind: t(`documentKind.${kind}`) })}
            </li>
          ))}
        </ul>
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

/** What the timeline does not say. Where a parcel has a day of its own, that is the one to go by. */
function factsOf({ order, shipments }: Page) {
  const { status, expectedDelivery, poNumber, itemsCount, deliveryAddress } = order;
  const isOver =
    status === 'delivered' ||
    status === 'cancelled' ||
    shipments.some(({ expected }) => expected !== null);
  return [
    {
      label: t('order.expectedDelivery'),
      value: expectedDelivery && !isOver ? formatDay(expectedDelivery) : null,
    },
    { label: t('order.po'), value: poNumber },
    { label: t('order.items'), value: itemsCount === null ? null : formatNumber(itemsCount) },
    { label: t('order.deliverTo'), value: deliveryAddress, wide: true },
  ];
}
