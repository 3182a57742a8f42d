import { useState } from 'preact/hooks';
import { formatDay } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ShipmentBadge } from '../../ui/StatusBadge.tsx';
import { toast } from '../../ui/Toast.tsx';
import { later } from '../later.tsx';
import type { Shipment } from '../types.ts';
import css from './shipments.module.css';

const TrackingHistory = later(
  () => import('./tracking-history.tsx').then((module) => module.TrackingHistory),
  () => <Skeleton lines={3} />,
);

/** What was sent, by whom, and where it is; of an order that is there (`arrived`) nothing is expected. */
export function Shipments({ shipments, arrived }: { shipments: Shipment[]; arrived: boolean }) {
  return (
    <ul class={css.list}>
      {shipments.map((shipment, at) => (
        <li key={shipment.id}>
          <Card>
            <div class={css.head}>
              <h3>{shipment.carrier ?? t('order.shipment', { number: at + 1 })}</h3>
              <ShipmentBadge status={shipment.status} />
            </div>
            <Facts facts={factsOf(shipment, arrived)} />
            {shipment.events.length > 0 && <Events events={shipment.events} />}
          </Card>
        </li>
      ))}
    </ul>
  );
}

function factsOf(shipment: Shipment, arrived: boolean) {
  const { trackingNumber, shippedOn, estimatedDelivery, status } = shipment;
  const isThere = status === 'delivered' || (arrived && status === 'unknown');
  return [
    { label: t('order.shippedOn'), value: shippedOn && formatDay(shippedOn) },
    {
      label: t('order.arrives'),
      value: estimatedDelivery && !isThere ? formatDay(estimatedDelivery) : null,
    },
    {
      label: t('order.tracking'),
      value: trackingNumber && <Tracking number={trackingNumber} />,
      wide: true,
    },
  ];
}

/** What happened on the way, for who wants to know. */
function Events({ events }: { events: Shipment['events'] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class={css.events} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class={css.summary}>
        <Icon name="chevron" />
        {t('order.history', { count: events.length })}
      </summary>
      {isOpen && <TrackingHistory events={events} />}
    </details>
  );
}

function Tracking({ number }: { number: string }) {
  const copy = () =>
    navigator.clipboard.writeText(number).then(
      () => toast(t('order.copied')),
      () => toast(t('order.copyFailed'), 'bad'),
    );
  return (
    <span class={css.tracking}>
      <span class={css.number}>{number}</span>
      <Button icon="copy" onClick={copy}>
        {t('order.copy')}
      </Button>
    </span>
  );
}
