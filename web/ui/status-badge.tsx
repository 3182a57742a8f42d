import type { OrderStatus, ShipmentStatus } from '../../worker/vocabulary.ts';
import { t } from '../lib/i18n.ts';
import { Badge, type Tone } from './badge.tsx';
import type { IconName } from './icon.tsx';

type Look = { tone: Tone; icon: IconName };

const ORDER_LOOKS: Record<OrderStatus, Look> = {
  draft: { tone: 'plain', icon: 'pen' },
  pending: { tone: 'plain', icon: 'clock' },
  processing: { tone: 'news', icon: 'box' },
  shipped: { tone: 'news', icon: 'truck' },
  delivered: { tone: 'good', icon: 'check' },
  cancelled: { tone: 'plain', icon: 'cross' },
};

const SHIPMENT_LOOKS: Record<ShipmentStatus, Look> = {
  label_created: { tone: 'plain', icon: 'document' },
  picked_up: { tone: 'news', icon: 'box' },
  in_transit: { tone: 'news', icon: 'truck' },
  out_for_delivery: { tone: 'news', icon: 'truck' },
  delivered: { tone: 'good', icon: 'check' },
  exception: { tone: 'warn', icon: 'warning' },
  returned: { tone: 'warn', icon: 'returned' },
  unknown: { tone: 'plain', icon: 'truck' },
};

/** An order's status. */
export function StatusBadge({ status }: { status: OrderStatus }) {
  return <Badge {...ORDER_LOOKS[status]}>{t(`orderStatus.${status}`)}</Badge>;
}

/** A shipment's status. */
export function ShipmentBadge({ status }: { status: ShipmentStatus }) {
  return <Badge {...SHIPMENT_LOOKS[status]}>{t(`shipmentStatus.${status}`)}</Badge>;
}
