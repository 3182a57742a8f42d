import type { ComponentChildren, ComponentProps } from 'preact';
import { CARRIER_NAMES, CARRIERS } from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { toast } from '../../../ui/toast.tsx';
import { useAlerts } from '../../alerts.ts';
import { templateWords } from '../../components/letter-words.ts';
import { PageHead, Section } from '../../components/page-head.tsx';
import { reasonWords } from '../../components/reason-words.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { Alert, DocumentAlert, MailAlert, OtherAlert, SealAlert } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { kindWords, t } from '../../words.ts';
import css from './alerts.module.css';

const DOCUMENT_KINDS = new Set<Alert['kind']>(['document_missing', 'document_damaged']);

/**
 * What is open: documents that their customers cannot get, and how to mend that; mail that does not arrive;
 * seals that do not hold.
 */
export function Alerts() {
  const alerts = useAlerts();
  const open = alerts.value?.alerts;
  return (
    <>
      <PageHead title={t('alerts.title')}>
        <p>{t('alerts.intro')}</p>
      </PageHead>
      {alerts.error && <ErrorNote error={alerts.error} retry={alerts.reload} />}
      {!open && !alerts.error && <Skeleton lines={6} />}
      {open?.length === 0 && (
        <Empty title={t('alerts.empty.title')} text={t('alerts.empty.text')} icon="check" />
      )}
      {open && open.length > 0 && (
        <>
          <ul class={css.alerts}>
            {open.map((alert) => (
              <li key={alert.id}>
                <AlertCard alert={alert} onResolved={alerts.reload} />
              </li>
            ))}
          </ul>
          {open.some(({ kind }) => DOCUMENT_KINDS.has(kind)) && <Todo />}
        </>
      )}
    </>
  );
}

/** How documents are put right. */
function Todo() {
  const { paths } = useOrg();
  return (
    <Section
      id="todo"
      title={t('alerts.todo')}
      actions={
        <LinkButton icon="upload" href={paths.newImport}>
          {t('publishes.new')}
        </LinkButton>
      }
    >
      <Card>
        <ol class={css.todo}>
          <li>{t('alerts.storage')}</li>
          <li>{t('alerts.upload')}</li>
          <li>{t('alerts.again')}</li>
        </ol>
      </Card>
    </Section>
  );
}

function AlertCard({ alert, onResolved }: CardOf<Alert>) {
  switch (alert.kind) {
    case 'audit_broken':
      return <SealCard alert={alert} onResolved={onResolved} />;
    case 'document_missing':
    case 'document_damaged':
      return <DocumentCard alert={alert} onResolved={onResolved} />;
    case 'mail_died':
    case 'mail_bounced':
    case 'mail_complained':
      return <MailCard alert={alert} onResolved={onResolved} />;
    default:
      return <OtherCard alert={alert} onResolved={onResolved} />;
  }
}

const MAIL_NEXT = {
  mail_died: 'alerts.diedNext',
  mail_bounced: 'alerts.bouncedNext',
  mail_complained: 'alerts.complainedNext',
} as const;

function MailCard({ alert, onResolved }: CardOf<MailAlert>) {
  const { paths, moment } = useOrg();
  const { kind, params, createdAt } = alert;
  const { customer, customerName = null, recipient } = params;
  return (
    <OpenAlert
      alert={alert}
      name={recipient}
      onResolved={onResolved}
      facts={[
        {
          label: t('alerts.customer'),
          value: customer ? <a href={paths.customer(customer)}>{customerName}</a> : null,
        },
        {
          label: t('alerts.letter'),
          value: <a href={paths.letter(params.letter)}>{templateWords(params.template)}</a>,
        },
        { label: t('alerts.since'), value: moment(createdAt), wide: true },
        { label: t('alerts.reason'), value: params.reason ?? null, wide: 'row' },
      ]}
    >
      <h2>{t(`alertKinds.${kind}`, { document: recipient })}</h2>
      <p>{t(MAIL_NEXT[kind])}</p>
    </OpenAlert>
  );
}

function OtherCard({ alert, onResolved }: CardOf<OtherAlert>) {
  const { paths, moment } = useOrg();
  const { kind, subject, params, createdAt } = alert;
  const name = CARRIERS.find((carrier) => carrier === subject);
  const document = name ? CARRIER_NAMES[name] : subject;
  return (
    <OpenAlert
      alert={alert}
      name={document}
      onResolved={onResolved}
      facts={[
        { label: t('alerts.since'), value: moment(createdAt), wide: true },
        { label: t('alerts.reason'), value: params.reason ? reasonWords(params.reason) : null },
      ]}
    >
      <h2>{t(`alertKinds.${kind}`, { document })}</h2>
      {kind === 'carrier_down' && (
        <p>
          <a href={paths.integrations}>{t('alerts.toIntegrations')}</a>
        </p>
      )}
    </OpenAlert>
  );
}

type CardOf<A> = { alert: A; onResolved: () => Promise<unknown> };

function DocumentCard({ alert, onResolved }: CardOf<DocumentAlert>) {
  const { paths, moment } = useOrg();
  const { kind, params, createdAt } = alert;
  const name = `${kindWords(params.kind)} ${params.number}`;
  return (
    <OpenAlert
      alert={alert}
      name={name}
      onResolved={onResolved}
      facts={[
        {
          label: t('alerts.customer'),
          value: (
            <a href={withQuery(paths.customers, { q: params.customerCode })}>
              {params.customerCode}
            </a>
          ),
        },
        { label: t('alerts.file'), value: params.fileName, wide: true },
        { label: t('alerts.since'), value: moment(createdAt), wide: true },
      ]}
    >
      <h2>{t(`alertKinds.${kind}`, { document: name })}</h2>
      <p>{t('alerts.meanwhile')}</p>
    </OpenAlert>
  );
}

function SealCard({ alert, onResolved }: CardOf<SealAlert>) {
  const { paths, moment } = useOrg();
  const { kind, params, createdAt } = alert;
  const name = t('alerts.seal', { seal: params.seal });
  const from = params.from ? moment(params.from) : t('alerts.beginning');
  return (
    <OpenAlert
      alert={alert}
      name={name}
      onResolved={onResolved}
      facts={[
        {
          label: t('alerts.between'),
          value: t('alerts.betweenTimes', { from, to: moment(params.to) }),
          wide: true,
        },
        { label: t('alerts.since'), value: moment(createdAt), wide: true },
      ]}
    >
      <h2>{t(`alertKinds.${kind}`, { document: name })}</h2>
      <p>
        {t(`sealFaults.${params.fault}`)} <a href={paths.audit}>{t('nav.audit')}</a>
      </p>
      <p>{t('alerts.auditNext')}</p>
    </OpenAlert>
  );
}

/** An alert in words, what is known of it, and the way to settle it. */
function OpenAlert({
  alert,
  name,
  facts,
  onResolved,
  children,
}: CardOf<Alert> & {
  name: string;
  facts: ComponentProps<typeof Facts>['facts'];
  children: ComponentChildren;
}) {
  const { paths } = useOrg();
  const { isBusy, error, run } = useTask();
  const resolve = () =>
    run(async () => {
      await send('PUT', paths.api(`alerts/${encodeURIComponent(alert.id)}`), { resolved: true });
      toast(t('alerts.resolved', { name }));
      await onResolved();
    });
  return (
    <article class={css.alert}>
      <Icon name="warning" />
      <div class={css.what}>
        {children}
        <Facts facts={facts} />
        {error && <ErrorNote error={error} />}
      </div>
      <Button
        icon="check"
        busy={isBusy}
        aria-label={t('alerts.resolveOne', { name })}
        onClick={resolve}
      >
        {t('alerts.resolve')}
      </Button>
    </article>
  );
}
