import { formatDay } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShipmentBadge } from '../../ui/status-badge.tsx';
import { toast } from '../../ui/toast.tsx';
import { later } from '../later.tsx';
import type { Shipment } from '../types.ts';
import css from './shipments.module.css';

const ShipmentMore = later(
  () => import('./shipment-more.tsx').then((module) => module.ShipmentMore),
  () => <Skeleton lines={3} />,
);

/** What was sent, by whom, and where it is; of an order that is there (`arrived`) nothing is expected. */
export function Shipments({
  shipments,
  arrived,
  org,
}: {
  shipments: Shipment[];
  arrived: boolean;
  org: string;
}) {
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
            <ShipmentMore shipment={shipment} org={org} />
          </Card>
        </li>
      ))}
    </ul>
  );
}

function factsOf(shipment: Shipment, arrived: boolean) {
  const { trackingNumber, shippedOn, expected, status } = shipment;
  const isThere = status === 'delivered' || (arrived && status === 'unknown');
  return [
    { label: t('order.shippedOn'), value: shippedOn && formatDay(shippedOn) },
    {
      label: t('order.arrives'),
      // An estimate is only told as one.
      value: expected && expected.by !== 'estimate' && !isThere ? formatDay(expected.day) : null,
    },
    {
      label: t('order.tracking'),
      value: trackingNumber && <Tracking number={trackingNumber} />,
      wide: true,
    },
  ];
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
