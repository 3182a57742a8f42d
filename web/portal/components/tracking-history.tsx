import { formatMoment } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import type { Shipment } from '../types.ts';
import css from './tracking-history.module.css';

/** What happened to a parcel, the latest first. */
export function TrackingHistory({ events }: { events: Shipment['events'] }) {
  return (
    <ol class={css.events} reversed>
      {events.map(({ at, status, city, description }, index) => (
        <li key={index} class={css.event}>
          <p>
            <span class={css.status}>{t(`shipmentStatus.${status}`)}</span>
            {city && `, ${city}`}
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
