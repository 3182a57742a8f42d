import { useEffect, useState } from 'preact/hooks';
import { formatDay, formatMoment } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { formatAgo } from '../ago.ts';
import { dayHere } from '../day-here.ts';
import { laterWords } from '../later-words.ts';
import type { Shipment } from '../types.ts';
import css from './shipment-more.module.css';
import { TrackingHistory } from './tracking-history.tsx';

const MINUTE_MILLISECONDS = 60_000;

type Of = { shipment: Shipment; org: string };

/** What a parcel's carrier says of it: what happens next, when it comes, where there is more. */
export function ShipmentMore({ shipment, org }: Of) {
  const { tracking, checkedAt, events } = shipment;
  const carrier = tracking?.site ?? shipment.carrier ?? laterWords('tracking.carrier');
  const next = nextOf(shipment, { carrier, org });
  return (
    <div class={css.more}>
      {next && <p class={css.next}>{next}</p>}
      <ExpectedDay shipment={shipment} carrier={carrier} org={org} />
      {tracking && (
        <div class={css.elsewhere}>
          <LinkButton
            icon="globe"
            href={tracking.url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`${laterWords('tracking.follow', { site: tracking.site })}, ${t('ui.newTab')}`}
          >
            {laterWords('tracking.follow', { site: tracking.site })}
          </LinkButton>
          <span class={css.about}>
            {laterWords('tracking.leaves', { site: new URL(tracking.url).host })}
          </span>
        </div>
      )}
      {events.length > 0 && <Events shipment={shipment} />}
      {checkedAt && <Checked at={checkedAt} carrier={carrier} />}
    </div>
  );
}

/** What it means for who waits, in plain words; nothing where the status says it all. */
function nextOf(
  { status, substatus, deliveredAt, signedBy, checkedAt, trackingNumber }: Shipment,
  who: { carrier: string; org: string },
): string | null {
  if (status === 'delivered') {
    if (!deliveredAt) return signedBy && laterWords('tracking.signed', { name: signedBy });
    const moment = formatMoment(deliveredAt);
    return signedBy
      ? laterWords('tracking.deliveredSigned', { moment, name: signedBy })
      : laterWords('tracking.delivered', { moment });
  }
  if (substatus) return laterWords(`tracking.substatuses.${substatus}`, who);
  switch (status) {
    case 'label_created':
    case 'out_for_delivery':
    case 'exception':
    case 'returned':
      return laterWords(`tracking.next.${status}`, who);
    case 'unknown':
      return trackingNumber && checkedAt ? laterWords('tracking.next.unknown', who) : null;
    default:
      return null;
  }
}

/** When it is expected, and who says so; and what was said before, where that was another day. */
function ExpectedDay({ shipment: { expected, earlier }, carrier, org }: Of & { carrier: string }) {
  if (expected === null) return null;
  const today = dayHere();
  const words = { date: formatDay(expected.day), carrier, org };
  const often = expected.by === 'estimate' ? expected.often : null;
  return (
    <p>
      {often !== null && often >= today
        ? laterWords('tracking.often', { ...words, often: formatDay(often) })
        : laterWords(`tracking.${expected.day < today ? 'was' : 'expected'}.${expected.by}`, words)}
      {earlier.length > 0 && (
        <span class={css.earlier}>
          {laterWords('tracking.earlier', {
            days: earlier
              .map(({ day, by }) => `${formatDay(day)} (${by === 'carrier' ? carrier : org})`)
              .join('; '),
          })}
        </span>
      )}
    </p>
  );
}

/** What happened on the way, for who wants to know. */
function Events({ shipment }: { shipment: Shipment }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class={css.events} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class={css.summary}>
        <Icon name="chevron" />
        {laterWords('tracking.history', { count: shipment.events.length })}
      </summary>
      {isOpen && <TrackingHistory shipment={shipment} />}
    </details>
  );
}

/** When its carrier last answered: what stands here is as of then. */
function Checked({ at, carrier }: { at: string; carrier: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class={css.about}>
      <time dateTime={at} title={formatMoment(at)}>
        {laterWords('tracking.checked', { carrier, ago: formatAgo(at, Math.max(now, Date.now())) })}
      </time>
    </p>
  );
}
