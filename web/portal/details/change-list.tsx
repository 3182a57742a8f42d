import { formatDate } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { laterWords } from '../later-words.ts';
import type { ChangeRequest } from '../types.ts';
import css from './details.module.css';

const LOOKS = {
  open: ['news', 'clock'],
  accepted: ['good', 'check'],
  declined: ['plain', 'cross'],
} as const satisfies Record<ChangeRequest['status'], readonly [Tone, IconName]>;

/** What the person asked for, newest first: how it stands, and why it was declined. */
export function ChangeList({ requests }: { requests: readonly ChangeRequest[] }) {
  return (
    <section class={css.section} aria-labelledby="details-requests">
      <h2 id="details-requests">{laterWords('details.requests')}</h2>
      {requests.length === 0 ? (
        <p class={css.quiet}>{laterWords('details.noRequests')}</p>
      ) : (
        <ul class={css.requests}>
          {requests.map((request) => (
            <li key={request.id} class={css.request}>
              <Request {...request} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Request({ kind, fields, note, status, reason, createdAt, decidedAt }: ChangeRequest) {
  const [tone, icon] = LOOKS[status];
  const asked = [fields.name, fields.email, fields.phone, fields.address].filter(Boolean);
  return (
    <>
      <div class={css.requestHead}>
        <h3>{laterWords(`details.kinds.${kind}`)}</h3>
        <Badge tone={tone} icon={icon}>
          {laterWords(`details.statuses.${status}`)}
        </Badge>
      </div>
      <p class={css.words} dir="auto">
        {asked.join('\n')}
      </p>
      {note && (
        <p class={`${css.words} ${css.quiet}`} dir="auto">
          {note}
        </p>
      )}
      <p class={css.quiet}>
        {laterWords('details.asked', { date: formatDate(createdAt) })}
        {decidedAt && `, ${laterWords('details.answered', { date: formatDate(decidedAt) })}`}
      </p>
      {reason && (
        <p class={css.words} dir="auto">
          {laterWords('details.reason', { reason })}
        </p>
      )}
    </>
  );
}
