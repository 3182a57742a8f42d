import { send } from '../../../lib/api.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { ChangeRequest } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './change-requests.module.css';

const LOOKS = {
  open: ['news', 'note'],
  accepted: ['good', 'check'],
  declined: ['plain', 'cross'],
} as const satisfies Record<ChangeRequest['status'], readonly [Tone, IconName]>;

const FIELDS = ['name', 'email', 'phone', 'address'] as const;
type FieldName = (typeof FIELDS)[number];

/** What we hold of a field: of a phone nothing, of an address those of the latest orders. */
function heldOf({ contact, addresses }: ChangeRequest, field: FieldName): string {
  switch (field) {
    case 'name':
      return contact.name ?? '';
    case 'email':
      return contact.email;
    case 'phone':
      return '';
    case 'address':
      return addresses.join('\n\n');
  }
}

const askerOf = ({ contact }: ChangeRequest): string => contact.name ?? contact.email;

/** One request: who asks, what for against what is held, and how it is answered. */
export function ChangeCard({
  change,
  onDecline,
  onChanged,
}: {
  change: ChangeRequest;
  onDecline: () => void;
  onChanged: () => Promise<unknown>;
}) {
  const { paths, moment } = useOrg();
  const task = useTask();
  const name = askerOf(change);
  const [tone, icon] = LOOKS[change.status];
  const accept = () =>
    task.run(async () => {
      await send('PUT', paths.api(`change-requests/${change.id}/decision`), { status: 'accepted' });
      toast(t('changeDesk.accepted'));
      await onChanged();
    });
  return (
    <Card>
      <article class={css.card} aria-labelledby={`change-${change.id}`}>
        <header class={css.head}>
          <h2 id={`change-${change.id}`} class={css.title}>
            {t(`changeDesk.kinds.${change.kind}`)}: {name}
          </h2>
          <Badge tone={tone} icon={icon}>
            {t(`changeDesk.statuses.${change.status}`)}
          </Badge>
        </header>
        <p class={css.quiet}>
          <a href={paths.customer(change.customer.id)}>{change.customer.name}</a>
          {', '}
          {change.contact.email}
        </p>
        <p class={css.quiet}>{t('changeDesk.at', { at: moment(change.createdAt) })}</p>
        <Compared change={change} />
        {change.note && <p class={css.words}>{t('changeDesk.note', { note: change.note })}</p>}
        {change.fields.email && <p class={css.quiet}>{t('changeDesk.emailNote')}</p>}
        {change.status === 'open' ? (
          <>
            <div class={css.actions}>
              <Button
                kind="primary"
                busy={task.isBusy}
                aria-label={t('changeDesk.acceptOne', { name })}
                onClick={accept}
              >
                {t('changeDesk.accept')}
              </Button>
              <Button aria-label={t('changeDesk.declineOne', { name })} onClick={onDecline}>
                {t('changeDesk.decline')}
              </Button>
              <p class={css.quiet}>
                {t(change.contact.isMailed ? 'changeDesk.mailed' : 'changeDesk.notMailed', {
                  name,
                })}
              </p>
            </div>
            {task.error && <FormError error={task.error} />}
          </>
        ) : (
          change.decidedAt && (
            <p class={css.quiet}>{t('changeDesk.decided', { at: moment(change.decidedAt) })}</p>
          )
        )}
        {change.reason && (
          <p class={css.words}>{t('changeDesk.reason', { reason: change.reason })}</p>
        )}
      </article>
    </Card>
  );
}

/** Before and after, field by field. */
function Compared({ change }: { change: ChangeRequest }) {
  const asked = FIELDS.filter((field) => change.fields[field] !== undefined);
  return (
    <dl class={css.compared}>
      {asked.map((field) => (
        <div key={field}>
          <dt>{t(`changeDesk.fields.${field}`)}</dt>
          <dd class={css.held}>
            <span class={css.side}>{t('changeDesk.held')}</span>
            <span class={css.words}>{heldOf(change, field) || t('changeDesk.nothingHeld')}</span>
          </dd>
          <dd>
            <span class={css.side}>{t('changeDesk.asked')}</span>
            <strong class={css.words}>{change.fields[field]}</strong>
          </dd>
        </div>
      ))}
    </dl>
  );
}
