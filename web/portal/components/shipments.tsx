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
      {shipments.map((shipment, at) => {
        // Of a parcel that nobody followed, the order says that it came.
        const isThere = arrived && shipment.status === 'unknown';
        return (
          <li key={shipment.id}>
            <Card>
              <div class={css.head}>
                <h3>{shipment.carrier ?? t('order.shipment', { number: at + 1 })}</h3>
                {!isThere && <ShipmentBadge status={shipment.status} />}
              </div>
              <Facts facts={factsOf(shipment)} />
              <ShipmentMore shipment={isThere ? arrivedOf(shipment) : shipment} org={org} />
            </Card>
          </li>
        );
      })}
    </ul>
  );
}

/** As of a parcel that came, and of which its carrier has nothing more to say. */
function arrivedOf(shipment: Shipment): Shipment {
  return { ...shipment, status: 'delivered', expected: null };
}

/** What stands on the parcel. When it is expected, and who says so, is told below. */
function factsOf({ trackingNumber, shippedOn }: Shipment) {
  return [
    { label: t('order.shippedOn'), value: shippedOn && formatDay(shippedOn) },
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
