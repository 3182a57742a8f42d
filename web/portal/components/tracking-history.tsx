import { formatDay, formatMoment } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { dayHere } from '../day-here.ts';
import { laterWords } from '../later-words.ts';
import type { Shipment } from '../types.ts';
import css from './tracking-history.module.css';

/** A parcel's way: what is still to come, where it is now, what happened before; the latest first. */
export function TrackingHistory({
  shipment: { events, expected, status },
}: {
  shipment: Shipment;
}) {
  return (
    <ol class={css.events} reversed>
      {expected && expected.day >= dayHere() && (
        <li class={`${css.event} ${css.expected}`}>
          <p>
            <span class={css.status}>{t('shipmentStatus.delivered')}</span>
            {`, ${laterWords('tracking.steps.expected')}`}
          </p>
          <p class={css.about}>
            {laterWords(expected.by === 'estimate' ? 'tracking.estimated' : 'tracking.due', {
              date: formatDay(expected.day),
            })}
          </p>
        </li>
      )}
      {events.map(({ at, status: then, city, description }, index) => (
        <li key={index} class={index === 0 ? `${css.event} ${css.now}` : css.event}>
          <p>
            <span class={css.status}>{t(`shipmentStatus.${then}`)}</span>
            {city && `, ${city}`}
            <span class="unseen">
              {`, ${laterWords(index === 0 && status !== 'delivered' ? 'tracking.steps.now' : 'tracking.steps.done')}`}
            </span>
          </p>
          {description && <p class={css.about}>{description}</p>}
          <p class={css.about}>
            <time dateTime={at}>{formatMoment(at)}</time>
          </p>
        </li>
      ))}
    </ol>
  );
}
