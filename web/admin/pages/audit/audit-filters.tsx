import { useState } from 'preact/hooks';
import { useLocation } from '../../../lib/router.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import type { AuditFilter } from '../../audit-filter.ts';
import { subjectWords } from '../../components/audit-event.tsx';
import { actorName } from '../../components/event-words.ts';
import filters from '../../components/filters.module.css';
import { useOrg, withQuery } from '../../org.ts';
import type { AuditEvent, Member } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { ActionChoice } from './action-choice.tsx';
import css from './audit.module.css';
import { CustomerChoice } from './customer-choice.tsx';

const KINDS = ['staff', 'service', 'customer', 'visitor', 'system'] as const;
/** No event is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '2020-01-01';
const LAST_DAY = '2099-12-31';

/** Who, what, whose and when: each choice is at once in the address. */
export function AuditFilters({
  filter,
  rows,
}: {
  filter: AuditFilter;
  /** What the filter gave: names of what it asks for by id are read from it. */
  rows: AuditEvent[] | undefined;
}) {
  const { paths } = useOrg();
  const { route } = useLocation();
  const members = useResource<{ members: Member[] }>(paths.api('members')).value?.members ?? [];
  const ask = (change: AuditFilter) => route(withQuery(paths.audit, { ...filter, ...change }));
  const { actor = '', customer, subject } = filter;
  const isListed =
    KINDS.some((kind) => kind === actor) || members.some(({ id }) => actor === `member:${id}`);
  const first = rows?.[0];
  return (
    <search class={css.search}>
      <div class={filters.filters}>
        <Field label={t('audit.actor')}>
          {(input) => (
            <select
              {...input}
              value={actor}
              onChange={(event) => ask({ actor: event.currentTarget.value })}
            >
              <option value="">{t('audit.anyActor')}</option>
              {actor && !isListed && (
                <option value={actor}>{first ? actorName(first) : t('audit.onePerson')}</option>
              )}
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`actorKinds.${kind}`)}
                </option>
              ))}
              <optgroup label={t('audit.members')}>
                {members.map(({ id, name }) => (
                  <option key={id} value={`member:${id}`}>
                    {name}
                  </option>
                ))}
              </optgroup>
            </select>
          )}
        </Field>
        <CustomerChoice onChoose={(id) => ask({ customer: id })} />
        <Days key={`${filter.from} ${filter.to}`} filter={filter} onAsk={ask} />
      </div>
      <ActionChoice filter={filter} onChoose={(action) => ask({ action })} />
      {Object.keys(filter).length > 0 && (
        <div class={css.chosen}>
          {customer && (
            <LinkButton
              icon="close"
              href={withQuery(paths.audit, { ...filter, customer: undefined })}
            >
              {t('audit.customerOnly', { name: first?.customer?.name ?? t('audit.thisCustomer') })}
            </LinkButton>
          )}
          {subject && (
            <LinkButton
              icon="close"
              href={withQuery(paths.audit, { ...filter, subject: undefined })}
            >
              {t('audit.customerOnly', {
                name: (first && subjectWords(first)) ?? t('audit.thisSubject'),
              })}
            </LinkButton>
          )}
          <LinkButton href={paths.audit}>{t('common.clear')}</LinkButton>
        </div>
      )}
    </search>
  );
}

/** From which day to which, in the supplier's days; asked for when both are as meant. */
function Days({ filter, onAsk }: { filter: AuditFilter; onAsk: (change: AuditFilter) => void }) {
  const [from, setFrom] = useState(filter.from ?? '');
  const [to, setTo] = useState(filter.to ?? '');
  const [isSwapped, setSwapped] = useState(false);
  const ends = [
    { name: 'from', label: t('audit.from'), value: from, set: setFrom },
    { name: 'to', label: t('audit.to'), value: to, set: setTo },
  ];
  return (
    <form
      class={css.days}
      onSubmit={(event) => {
        event.preventDefault();
        const swapped = from !== '' && to !== '' && from > to;
        setSwapped(swapped);
        if (!swapped) onAsk({ from, to });
      }}
    >
      {ends.map(({ name, label, value, set }) => (
        <Field key={name} label={label} error={name === 'to' && isSwapped && t('audit.swapped')}>
          {(input) => (
            <input
              {...input}
              type="date"
              name={name}
              min={FIRST_DAY}
              max={LAST_DAY}
              value={value}
              onInput={(event) => set(event.currentTarget.value)}
            />
          )}
        </Field>
      ))}
      <Button type="submit">{t('audit.show')}</Button>
    </form>
  );
}
