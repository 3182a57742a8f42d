import { send } from '../../../lib/api.ts';
import { Button, LinkButton } from '../../../ui/Button.tsx';
import { Card } from '../../../ui/Card.tsx';
import { Empty } from '../../../ui/Empty.tsx';
import { ErrorNote } from '../../../ui/ErrorNote.tsx';
import { Facts } from '../../../ui/Facts.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { toast } from '../../../ui/Toast.tsx';
import { useAlerts } from '../../alerts.ts';
import { PageHead, Section } from '../../components/page-head.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { Alert } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { kindWords, t } from '../../words.ts';
import css from './alerts.module.css';

/** What is open: documents that their customers cannot get, and how to mend that. */
export function Alerts() {
  const { paths } = useOrg();
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
        </>
      )}
    </>
  );
}

function AlertCard({ alert, onResolved }: { alert: Alert; onResolved: () => Promise<unknown> }) {
  const { paths, moment } = useOrg();
  const { isBusy, error, run } = useTask();
  const { id, kind, params, createdAt } = alert;
  const name = `${kindWords(params.kind)} ${params.number}`;
  const resolve = () =>
    run(async () => {
      await send('PUT', paths.api(`alerts/${encodeURIComponent(id)}`), { resolved: true });
      toast(t('alerts.resolved', { name }));
      await onResolved();
    });
  return (
    <article class={css.alert}>
      <Icon name="warning" />
      <div class={css.what}>
        <h2>{t(`alertKinds.${kind}`, { document: name })}</h2>
        <p>{t('alerts.meanwhile')}</p>
        <Facts
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
        />
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
