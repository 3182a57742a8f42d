import { AUDIT_ACTIONS, type AuditAction } from '../../../worker/vocabulary.ts';
import { useLocation } from '../../lib/router.tsx';
import { LinkButton } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Field } from '../../ui/Field.tsx';
import { type Column, Table } from '../../ui/Table.tsx';
import { Listing } from '../components/listing.tsx';
import { PageHead } from '../components/page-head.tsx';
import { useOrg, withQuery } from '../org.ts';
import type { AuditEvent, AuditList } from '../types.ts';
import { useList } from '../use-resource.ts';
import { type ActionGroup, actionGroup, t } from '../words.ts';
import css from './audit.module.css';
import filters from './filters.module.css';

const GROUPS = new Map<ActionGroup, AuditAction[]>();
for (const action of AUDIT_ACTIONS) {
  const group = actionGroup(action);
  GROUPS.set(group, [...(GROUPS.get(group) ?? []), action]);
}

/** Who did what, newest first; by action and by customer. */
export function Audit() {
  const { paths, moment } = useOrg();
  const { query, route } = useLocation();
  const { action, customer } = query;
  const list = useList<AuditEvent, AuditList>(
    (cursor) => withQuery(paths.api('audit'), { action, customer, cursor }),
    (answer) => answer.events,
  );
  const customerName = list.rows?.find((event) => event.customer?.id === customer)?.customer?.name;
  const columns: Column<AuditEvent>[] = [
    {
      id: 'what',
      label: t('audit.what'),
      main: true,
      cell: (event) => t('audit.did', { who: actorOf(event), what: t(`actions.${event.action}`) }),
    },
    {
      id: 'when',
      label: t('audit.when'),
      cell: (event) => <span class={css.when}>{moment(event.at)}</span>,
    },
    {
      id: 'about',
      label: t('audit.about'),
      cell: (event) => <About event={event} />,
    },
    { id: 'detail', label: t('audit.detail'), cell: (event) => <Detail event={event} /> },
  ];
  return (
    <>
      <PageHead title={t('audit.title')}>
        <p>{t('audit.intro')}</p>
      </PageHead>
      <div class={filters.filters}>
        <Field label={t('audit.action')}>
          {(input) => (
            <select
              {...input}
              value={action ?? ''}
              onChange={(event) =>
                route(withQuery(paths.audit, { action: event.currentTarget.value, customer }))
              }
            >
              <option value="">{t('audit.anyAction')}</option>
              {[...GROUPS].map(([group, actions]) => (
                <optgroup key={group} label={t(`actionGroups.${group}`)}>
                  {actions.map((each) => (
                    <option key={each} value={each}>
                      {t(`actions.${each}`)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          )}
        </Field>
        {customer && (
          <LinkButton icon="close" href={withQuery(paths.audit, { action })}>
            {t('audit.customerOnly', { name: customerName ?? t('audit.thisCustomer') })}
          </LinkButton>
        )}
      </div>
      <Listing
        list={list}
        empty={
          action || customer ? (
            <Empty
              title={t('audit.noMatch.title')}
              text={t('audit.noMatch.text')}
              icon="search"
              action={<LinkButton href={paths.audit}>{t('common.clear')}</LinkButton>}
            />
          ) : (
            <Empty title={t('audit.empty.title')} text={t('audit.empty.text')} icon="eye" />
          )
        }
      >
        {(rows) => (
          <Table
            caption={t('audit.title')}
            columns={columns}
            rows={rows}
            rowKey={(event) => event.id}
          />
        )}
      </Listing>
    </>
  );
}

function actorOf({ actor }: AuditEvent): string {
  if (actor.name) return actor.name;
  switch (actor.kind) {
    case 'customer':
    case 'visitor':
    case 'staff':
    case 'service':
      return t(`actors.${actor.kind}`);
    default:
      return t('actors.system');
  }
}

function About({ event }: { event: AuditEvent }) {
  const { paths } = useOrg();
  const { customer, subjectKind, subjectId } = event;
  const publish = subjectKind === 'publish' && subjectId ? paths.publish(subjectId) : null;
  const { reference } = event.detail;
  return (
    <span class={css.about}>
      {customer && <a href={paths.customer(customer.id)}>{customer.name}</a>}
      {publish && <a href={publish}>{t('audit.publish')}</a>}
      {typeof reference === 'string' && (
        <a href={paths.traceOf(reference)}>{t('audit.copy', { reference })}</a>
      )}
      {!customer && !publish && !reference && (subjectKind ?? t('common.nobody'))}
    </span>
  );
}

const DETAILS_SHOWN = 3;
/** An id or a hash: for a search, not for reading. */
const FINGERPRINT = /^[\da-f-]{32,}$/i;

function Detail({ event: { detail, subjectKind, subjectId, requestId } }: { event: AuditEvent }) {
  const told = Object.entries(detail).filter(([, value]) => value !== null);
  const short = told
    .filter(([name]) => name !== 'reference') // it stands beside, as a link
    .filter(([, value]) => typeof value !== 'object' && !FINGERPRINT.test(String(value)))
    .slice(0, DETAILS_SHOWN);
  const summary = short.map(([name, value]) => `${name}: ${String(value)}`).join(', ');
  return (
    <details class={css.detail}>
      <summary>{summary || t('audit.detail')}</summary>
      <dl class={css.all}>
        {told.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
          </div>
        ))}
        {subjectId && (
          <div>
            <dt>{subjectKind}</dt>
            <dd>{subjectId}</dd>
          </div>
        )}
        {requestId && (
          <div>
            <dt>{t('audit.request')}</dt>
            <dd>{requestId}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}
