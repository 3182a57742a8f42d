import { formatDay, formatNumber } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { Beside } from '../components/beside.tsx';
import { Documents } from '../components/documents.tsx';
import { Neighbours } from '../components/neighbours.tsx';
import { NotShown } from '../components/not-shown.tsx';
import { OrderLines } from '../components/order-lines.tsx';
import { OrderTimeline } from '../components/order-timeline.tsx';
import { Shell } from '../components/shell.tsx';
import { Shipments } from '../components/shipments.tsx';
import { later } from '../later.tsx';
import type { Issue, OrderDetail, OrderPage as Page } from '../types.ts';
import { useZip, ZipButton, ZipError } from '../zip.tsx';
import css from './order.module.css';

const IssueList = later(
  () => import('../issues/issues.tsx').then((module) => module.IssueList),
  () => <Skeleton lines={1} />,
);
const CreditNotes = later(
  () => import('../components/credit-notes.tsx').then((module) => module.CreditNotes),
  () => <Skeleton lines={2} />,
);

/** One order: how it stands, its paper, what was sent, what was ordered and for how much. */
export function OrderPage({ id }: { id: string }) {
  const { value: page, error, reload } = useResource<Page>(`orders/${encodeURIComponent(id)}`);
  const notShown = error?.code === 'not_found' || error?.code === 'invalid';
  const title = page && t('order.title', { number: page.order.number });
  return (
    <Shell visit={page} title={notShown ? t('order.notShownTitle') : title}>
      {!page && !notShown && <h1 class="unseen">{t('orders.number')}</h1>}
      <div class={css.around}>
        <p class={css.back}>
          <a href="/orders">
            <Icon name="arrowBack" />
            {t('order.back')}
          </a>
        </p>
        {page && <Neighbours page={page} />}
      </div>
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
          <Facts facts={factsOf(order)} />
        </div>
      </Card>
      <Papers page={page} />
      {shipments.length > 0 && (
        <section class={css.section} aria-labelledby="shipments">
          <h2 id="shipments">{t('order.shipments', { count: shipments.length })}</h2>
          <Shipments shipments={shipments} arrived={order.status === 'delivered'} />
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

/** What the timeline does not say. */
function factsOf({ status, expectedDelivery, poNumber, itemsCount, deliveryAddress }: OrderDetail) {
  const isOver = status === 'delivered' || status === 'cancelled';
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
