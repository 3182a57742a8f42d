import { useState } from 'preact/hooks';
import { CHANGE_REQUEST_STATUSES } from '../../../../worker/vocabulary.ts';
import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Field } from '../../../ui/field.tsx';
import { useAlerts } from '../../alerts.ts';
import filters from '../../components/filters.module.css';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { ChangeList, ChangeRequest } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { ChangeCard } from './change-card.tsx';
import css from './change-requests.module.css';
import { DeclineDialog } from './decline-dialog.tsx';

/** What customers ask to have changed: open ones first, each against what is held. */
export function ChangeRequests() {
  const { paths } = useOrg();
  const { query, route } = useLocation();
  const alerts = useAlerts();
  const [declining, setDeclining] = useState<ChangeRequest | null>(null);
  const customer = query.customer ?? '';
  const status = CHANGE_REQUEST_STATUSES.find((each) => each === query.status) ?? '';
  const list = useList<ChangeRequest, ChangeList>(
    (cursor) => withQuery(paths.api('change-requests'), { status, customer, cursor }),
    (answer) => answer.changeRequests,
  );
  const changed = () => Promise.all([list.reload(), alerts.reload()]);
  return (
    <>
      <PageHead title={t('changeDesk.title')}>
        <p>{t('changeDesk.intro')}</p>
        {customer && (
          <p>
            {t('changeDesk.onlyOf')} <a href={paths.changes}>{t('changeDesk.ofAll')}</a>
          </p>
        )}
      </PageHead>
      <search>
        <form class={filters.filters} onSubmit={(event) => event.preventDefault()}>
          <Field label={t('changeDesk.status')}>
            {(input) => (
              <select
                {...input}
                value={status}
                onChange={({ currentTarget: { value } }) =>
                  route(withQuery(paths.changes, { status: value, customer }), true)
                }
              >
                <option value="">{t('changeDesk.all')}</option>
                {CHANGE_REQUEST_STATUSES.map((each) => (
                  <option key={each} value={each}>
                    {t(`changeDesk.statuses.${each}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </form>
      </search>
      <Listing list={list} empty={<NoChanges isFiltered={status !== '' || customer !== ''} />}>
        {(rows) => (
          <ul class={css.list}>
            {rows.map((row) => (
              <li key={row.id}>
                <ChangeCard change={row} onDecline={() => setDeclining(row)} onChanged={changed} />
              </li>
            ))}
          </ul>
        )}
      </Listing>
      <DeclineDialog change={declining} onClose={() => setDeclining(null)} onDone={changed} />
    </>
  );
}

function NoChanges({ isFiltered }: { isFiltered: boolean }) {
  const { paths } = useOrg();
  const why = isFiltered ? 'noneFit' : 'empty';
  return (
    <Empty
      title={t(`changeDesk.${why}.title`)}
      text={t(`changeDesk.${why}.text`)}
      icon={isFiltered ? 'search' : 'check'}
      action={isFiltered && <LinkButton href={paths.changes}>{t('changeDesk.ofAll')}</LinkButton>}
    />
  );
}
