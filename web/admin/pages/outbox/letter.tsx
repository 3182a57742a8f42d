import { send } from '../../../lib/api.ts';
import { formatNumber } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { toast } from '../../../ui/toast.tsx';
import { useAlerts } from '../../alerts.ts';
import { LetterBadge } from '../../components/letter-badge.tsx';
import {
  letterTrouble,
  mayRetry,
  stateWords,
  templateWords,
} from '../../components/letter-words.ts';
import { PageHead, Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { LetterDetail } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { Suppressed } from '../customer/mail-state.tsx';
import css from './letter.module.css';

/** One letter: to whom, how it fares, all that the provider told, and the way to send it again. */
export function Letter({ id }: { id: string }) {
  const { paths } = useOrg();
  const page = useResource<{ letter: LetterDetail }>(paths.api(`outbox/${encodeURIComponent(id)}`));
  const back = { href: paths.outbox, name: t('outbox.title') };
  if (page.value === undefined) {
    return (
      <>
        <PageHead title={t('outbox.what')} back={back} />
        {page.error ? <ErrorNote error={page.error} retry={page.reload} /> : <Skeleton lines={8} />}
      </>
    );
  }
  const { letter } = page.value;
  return (
    <>
      <PageHead
        title={templateWords(letter.template)}
        back={back}
        beside={<LetterBadge letter={letter} />}
        actions={
          mayRetry(letter) && letter.stands && <Retry letter={letter} onDone={page.reload} />
        }
      />
      {page.error && <ErrorNote error={page.error} retry={page.reload} />}
      {letter.suppression && (
        <Suppressed
          email={letter.recipient}
          suppression={letter.suppression}
          onChanged={page.reload}
        />
      )}
      <Known letter={letter} />
      <Section id="told" title={t('outbox.told')}>
        <Card>
          {letter.told.length === 0 ? <p>{t('outbox.toldNone')}</p> : <Told letter={letter} />}
        </Card>
      </Section>
    </>
  );
}

function Known({ letter }: { letter: LetterDetail }) {
  const { paths, moment } = useOrg();
  const { customer, contactName, recipient, dueAt, sentAt } = letter;
  return (
    <Card>
      <Facts
        facts={[
          {
            label: t('outbox.recipient'),
            value: contactName ? `${contactName}, ${recipient}` : recipient,
            wide: true,
          },
          {
            label: t('outbox.customer'),
            value: customer ? (
              <a href={paths.customer(customer.id)}>{customer.name}</a>
            ) : (
              t('outbox.toSupplier')
            ),
          },
          {
            label: t('outbox.scope'),
            value: letter.scope && t(`linkScopes.${letter.scope}`),
          },
          { label: t('outbox.when'), value: moment(letter.createdAt) },
          { label: t('outbox.sent'), value: sentAt && moment(sentAt) },
          { label: t('outbox.due'), value: dueAt && moment(dueAt) },
          { label: t('outbox.tries'), value: formatNumber(letter.attempts) },
          { label: t('outbox.reason'), value: letterTrouble(letter), wide: 'row' },
        ]}
      />
      {letter.state === 'dead' && !mayRetry(letter) && <p>{t('outbox.keptBack')}</p>}
      {mayRetry(letter) && !letter.stands && <p>{t('outbox.gone')}</p>}
    </Card>
  );
}

function Told({ letter: { told } }: { letter: LetterDetail }) {
  const { moment } = useOrg();
  return (
    <ol class={css.told}>
      {told.map(({ fate, at, detail }) => (
        <li key={`${fate} ${at}`}>
          {detail === null
            ? t('outbox.toldAt', { at: moment(at), what: stateWords(fate) })
            : t('outbox.toldWith', { at: moment(at), what: stateWords(fate), detail })}
        </li>
      ))}
    </ol>
  );
}

function Retry({ letter, onDone }: { letter: LetterDetail; onDone: () => Promise<unknown> }) {
  const { paths } = useOrg();
  const alerts = useAlerts();
  const { isBusy, error, run } = useTask();
  const retry = () =>
    run(async () => {
      await send('POST', paths.api(`outbox/${letter.id}/retry`));
      toast(t('outbox.retried'));
      await Promise.all([onDone(), alerts.reload()]);
    });
  return (
    <>
      <Button icon="mail" kind="primary" busy={isBusy} onClick={retry}>
        {t('outbox.retry')}
      </Button>
      {error && <ErrorNote error={error} />}
    </>
  );
}
