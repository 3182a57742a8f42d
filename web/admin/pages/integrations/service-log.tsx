import {
  CARRIER_NAMES,
  CARRIERS,
  INTEGRATION_OUTCOMES,
  type IntegrationOutcome,
} from '../../../../worker/vocabulary.ts';
import { formatNumber } from '../../../lib/format.ts';
import { useLocation } from '../../../lib/router.tsx';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Field } from '../../../ui/field.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import filters from '../../components/filters.module.css';
import { Listing } from '../../components/listing.tsx';
import { reasonWords } from '../../components/reason-words.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { IntegrationEntry, IntegrationLog } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { t } from '../../words.ts';

const SERVICES = [...CARRIERS, 'mail'] as const;
const nameOf = (service: (typeof SERVICES)[number]) =>
  service === 'mail' ? t('integrations.mail') : CARRIER_NAMES[service];
const LOOKS: Record<IntegrationOutcome, { tone: Tone; icon: IconName }> = {
  ok: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  throttled: { tone: 'warn', icon: 'clock' },
  opened: { tone: 'bad', icon: 'clock' },
  over_budget: { tone: 'warn', icon: 'clock' },
};

/** What happened between us and the services, newest first. */
export function ServiceLog() {
  const { paths, moment } = useOrg();
  const { query, route } = useLocation();
  const integration = SERVICES.find((each) => each === query.integration) ?? '';
  const outcome = INTEGRATION_OUTCOMES.find((each) => each === query.outcome) ?? '';
  const show = (wanted: { integration?: string; outcome?: string }) =>
    route(withQuery(paths.integrations, { integration, outcome, ...wanted }), true);
  const list = useList<IntegrationEntry, IntegrationLog>(
    (cursor) => withQuery(paths.api('integrations/log'), { integration, outcome, cursor }),
    (answer) => answer.entries,
  );
  const columns: Column<IntegrationEntry>[] = [
    {
      id: 'service',
      label: t('integrations.service'),
      main: true,
      cell: (row) => nameOf(row.integration),
    },
    {
      id: 'outcome',
      label: t('integrations.outcome'),
      aside: true,
      cell: (row) => (
        <Badge {...LOOKS[row.outcome]}>{t(`integrations.outcomes.${row.outcome}`)}</Badge>
      ),
    },
    {
      id: 'reason',
      label: t('integrations.reason'),
      cell: (row) => row.reason && reasonWords(row.reason),
    },
    {
      id: 'count',
      label: t('integrations.count'),
      numeric: true,
      cell: (row) => (row.subjects === null ? null : formatNumber(row.subjects)),
    },
    {
      id: 'duration',
      label: t('integrations.duration'),
      numeric: true,
      cell: ({ durationMs }) =>
        durationMs === null
          ? null
          : t('integrations.seconds', { count: formatNumber((durationMs / 1000).toFixed(1)) }),
    },
    { id: 'when', label: t('integrations.when'), cell: (row) => moment(row.at) },
  ];
  return (
    <>
      <form class={filters.filters} onSubmit={(event) => event.preventDefault()}>
        <Field label={t('integrations.service')}>
          {(input) => (
            <select
              {...input}
              value={integration}
              onChange={(event) => show({ integration: event.currentTarget.value })}
            >
              <option value="">{t('integrations.all')}</option>
              {SERVICES.map((each) => (
                <option key={each} value={each}>
                  {nameOf(each)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('integrations.outcome')}>
          {(input) => (
            <select
              {...input}
              value={outcome}
              onChange={(event) => show({ outcome: event.currentTarget.value })}
            >
              <option value="">{t('integrations.all')}</option>
              {INTEGRATION_OUTCOMES.map((each) => (
                <option key={each} value={each}>
                  {t(`integrations.outcomes.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </form>
      <Listing
        list={list}
        empty={
          <Empty
            title={t('integrations.logEmpty.title')}
            text={t('integrations.logEmpty.text')}
            icon="clock"
          />
        }
      >
        {(rows) => (
          <Table
            caption={t('integrations.log')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
          />
        )}
      </Listing>
    </>
  );
}
