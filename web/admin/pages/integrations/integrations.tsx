import { useEffect, useRef, useState } from 'preact/hooks';
import type { CheckAsked } from '../../../../worker/domain/integration.ts';
import { CARRIER_NAMES } from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { formatNumber } from '../../../lib/format.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Facts } from '../../../ui/facts.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PageHead, Section } from '../../components/page-head.tsx';
import { reasonWords } from '../../components/reason-words.ts';
import { useOrg } from '../../org.ts';
import type { CarrierIntegration, IntegrationPage } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './integrations.module.css';
import { readUntil } from './read-until.ts';
import { ServiceLog } from './service-log.tsx';

type State = 'off' | 'open' | 'failing' | 'fine' | 'idle';
const LOOKS: Record<State, { tone: Tone; icon: IconName }> = {
  off: { tone: 'plain', icon: 'lock' },
  open: { tone: 'bad', icon: 'clock' },
  failing: { tone: 'warn', icon: 'warning' },
  fine: { tone: 'good', icon: 'check' },
  idle: { tone: 'plain', icon: 'clock' },
};

/** The services that the product depends on: whether they are set up, how they fare, and what happened. */
export function Integrations() {
  const { paths } = useOrg();
  const page = useResource<IntegrationPage>(paths.api('integrations'));
  const [checks, setChecks] = useState(0);
  return (
    <>
      <PageHead title={t('integrations.title')}>
        <p>{t('integrations.intro')}</p>
      </PageHead>
      {page.error && <ErrorNote error={page.error} retry={page.reload} />}
      {!page.value && !page.error && <Skeleton lines={8} />}
      {page.value && (
        <ul class={css.services}>
          <li>
            <MailCard mail={page.value.mail} />
          </li>
          {page.value.carriers.map((carrier) => (
            <li key={carrier.carrier}>
              <CarrierCard
                carrier={carrier}
                reload={page.reload}
                onThrough={() => setChecks((count) => count + 1)}
              />
            </li>
          ))}
        </ul>
      )}
      <Section id="log" title={t('integrations.log')}>
        <ServiceLog key={checks} />
      </Section>
    </>
  );
}

function Heading({ name, state }: { name: string; state: State }) {
  return (
    <header class={css.head}>
      <h2>{name}</h2>
      <Badge {...LOOKS[state]}>{t(`integrations.states.${state}`)}</Badge>
    </header>
  );
}

/** "it did not answer in time, 3 Nov 10:12", or that there was none. */
function troubleWords(reason: string | null, at: string | null): string {
  return reason === null || at === null
    ? t('integrations.none')
    : t('integrations.lastErrorAt', { reason: reasonWords(reason), at });
}

function MailCard({ mail }: { mail: IntegrationPage['mail'] }) {
  const { paths, moment } = useOrg();
  const { lastSuccessAt, lastFailure } = mail;
  const isFailing = lastFailure !== null && lastFailure.at > (lastSuccessAt ?? '');
  const state = isFailing ? 'failing' : lastSuccessAt === null ? 'idle' : 'fine';
  return (
    <Card>
      <article class={css.service}>
        <Heading name={t('integrations.mail')} state={state} />
        <Facts
          facts={[
            {
              label: t('integrations.sentAt'),
              value: lastSuccessAt === null ? t('integrations.never') : moment(lastSuccessAt),
            },
            { label: t('integrations.waiting'), value: formatNumber(mail.waiting) },
            { label: t('integrations.failed'), value: formatNumber(mail.failed) },
            {
              label: t('integrations.lastError'),
              value: troubleWords(
                lastFailure?.reason ?? null,
                lastFailure && moment(lastFailure.at),
              ),
              wide: true,
            },
            {
              label: t('integrations.hears'),
              value: t(mail.hearsBack ? 'integrations.hearsYes' : 'integrations.hearsNo'),
              wide: 'row',
            },
          ]}
        />
        <p>
          <a href={paths.outbox}>{t('integrations.toMail')}</a>
        </p>
      </article>
    </Card>
  );
}

function stateOf({ callsPerHour, openUntil, failures, lastSuccessAt }: CarrierIntegration): State {
  if (callsPerHour === null) return 'off';
  if (openUntil !== null) return 'open';
  if (failures > 0) return 'failing';
  return lastSuccessAt === null ? 'idle' : 'fine';
}

/** What came of asking for a check: what will be asked about, and from when where not at once. */
function askedWords({ shipments: count, waitsFor, waitsUntil }: CheckAsked, at: string): string {
  if (count === 0) return t('integrations.checkedNone');
  if (waitsFor === null || waitsUntil === null) return t('integrations.checked', { count });
  return waitsFor === 'left_alone'
    ? t('integrations.checkedLeftAlone', { count, at })
    : t('integrations.checkedHour', { count, at });
}

function CarrierCard({
  carrier,
  reload,
  onThrough,
}: {
  carrier: CarrierIntegration;
  reload: () => Promise<IntegrationPage | undefined>;
  /** What was asked for has been asked about. */
  onThrough: () => void;
}) {
  const { paths, moment } = useOrg();
  const { isBusy, error, run } = useTask();
  const [said, setSaid] = useState<string | null>(null);
  // The check that is watched; none when the page was left.
  const watched = useRef(0);
  useEffect(
    () => () => {
      watched.current = -1;
    },
    [],
  );
  const { callsPerHour, openUntil, lastSuccessAt, lastError, lastErrorAt } = carrier;
  const name = CARRIER_NAMES[carrier.carrier];
  const isThrough = ({ carriers }: IntegrationPage) =>
    carriers.every((one) => one.carrier !== carrier.carrier || one.due === 0 || one.openUntil);
  const check = () =>
    run(async () => {
      const path = paths.api(`integrations/${carrier.carrier}/checks`);
      const asked = await send<CheckAsked>('POST', path);
      const { shipments, waitsFor, waitsUntil } = asked;
      setSaid(askedWords(asked, waitsUntil === null ? '' : moment(waitsUntil)));
      if (shipments > 0 && waitsFor === null) void watch();
      else await reload();
    });
  const watch = async () => {
    const turn = ++watched.current;
    const isOver = () => watched.current !== turn;
    const isAnswered = await readUntil(reload, isThrough, isOver);
    if (isOver()) return;
    setSaid(t(isAnswered ? 'integrations.through' : 'integrations.stillAsking'));
    onThrough();
  };
  return (
    <Card>
      <article class={css.service}>
        <Heading name={name} state={stateOf(carrier)} />
        {callsPerHour === null ? (
          <p>{t('integrations.offText')}</p>
        ) : (
          <>
            <Facts
              facts={[
                {
                  label: t('integrations.lastSuccess'),
                  value: lastSuccessAt === null ? t('integrations.never') : moment(lastSuccessAt),
                },
                {
                  label: t('integrations.lastError'),
                  value: troubleWords(lastError, lastErrorAt && moment(lastErrorAt)),
                  wide: true,
                },
                { label: t('integrations.until'), value: openUntil && moment(openUntil) },
                {
                  label: t('integrations.calls'),
                  value: t('integrations.callsOf', {
                    count: formatNumber(carrier.hourCalls),
                    limit: formatNumber(callsPerHour),
                  }),
                },
                { label: t('integrations.shipments'), value: formatNumber(carrier.shipments) },
                { label: t('integrations.failing'), value: formatNumber(carrier.failing) },
              ]}
            />
            {error && (
              <ErrorNote
                error={error}
                words={error.code === 'rate_limited' ? t('integrations.checkedLately') : undefined}
              />
            )}
            <p role="status">{said}</p>
            <div>
              <Button
                icon="truck"
                busy={isBusy}
                aria-label={t('integrations.checkOne', { carrier: name })}
                onClick={check}
              >
                {t('integrations.check')}
              </Button>
            </div>
          </>
        )}
      </article>
    </Card>
  );
}
