import type { NotificationKind } from '../../../worker/vocabulary.ts';
import { formatDate, formatDay, formatMoment, formatTime } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { Badge } from '../../ui/badge.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { laterWords } from '../later-words.ts';
import type { Notification } from '../types.ts';
import css from './notifications.module.css';

const ICONS = {
  shipment_status: 'truck',
  documents_ready: 'document',
  issue_replied: 'mail',
  change_answered: 'person',
  statement_ready: 'receipt',
} as const satisfies Record<NotificationKind, IconName>;

type Look = { title: string; more: string; href: string };

/** One thing that happened: in words, when, and the way to where it is. */
export function NotificationItem({
  about,
  at,
  createdAt,
  isUnread,
  org,
}: Notification & { org: string }) {
  const { title, more, href } = lookOf(about, org);
  // It stands under the day on which it was told.
  const isOfDay = formatDate(at) === formatDate(createdAt);
  const when = isOfDay ? formatTime(Date.parse(at)) : formatMoment(at);
  return (
    <li>
      <a class={css.item} href={href}>
        <span class={css.icon}>
          <Icon name={ICONS[about.kind]} />
        </span>
        <span class={css.words}>
          <span class={css.title}>{title}</span>
          <span class={css.more}>{[more, when].filter(Boolean).join(' · ')}</span>
        </span>
        {isUnread && <Badge tone="news">{laterWords('notifications.fresh')}</Badge>}
      </a>
    </li>
  );
}

function lookOf(about: Notification['about'], org: string): Look {
  switch (about.kind) {
    case 'shipment_status':
      return {
        title: laterWords(`notifications.shipment.${about.status}`, { order: about.orderNumber }),
        more: [about.carrier, about.trackingNumber].filter(Boolean).join(' '),
        href: `/orders/${about.orderId}`,
      };
    case 'documents_ready': {
      const { documents, orders } = about;
      const counts = [
        documents > 0 && t('home.newDocuments', { count: documents }),
        orders > 0 && laterWords('notifications.orders', { count: orders }),
      ];
      return {
        title: counts.filter(Boolean).join(', '),
        more: '',
        href: documents > 0 ? '/documents' : '/orders',
      };
    }
    case 'issue_replied':
      return {
        title: laterWords('notifications.reply', { org, number: `R-${about.number}` }),
        more: laterWords('notifications.ofOrder', { order: about.orderNumber }),
        href: `/issues/${about.issueId}`,
      };
    case 'change_answered':
      return {
        title: laterWords(`notifications.change.${about.status}`),
        more: laterWords(`details.kinds.${about.change}`),
        href: '/details',
      };
    case 'statement_ready':
      return {
        title: laterWords('notifications.statement'),
        more: laterWords('notifications.period', {
          from: formatDay(about.from),
          to: formatDay(about.to),
        }),
        href: '/documents?kind=statement',
      };
  }
}
