/** How mail to a person fares: the last letter, and whether their address is written to at all. */
import { useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormError } from '../../components/form-error.tsx';
import { letterState, letterTrouble, stateWords } from '../../components/letter-words.ts';
import { useOrg } from '../../org.ts';
import type { Contact, LetterFate, Suppression } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './customer.module.css';

const TROUBLE = {
  queued: 'contactMail.tried',
  sent: 'contactMail.returned',
  dead: 'contactMail.dead',
} as const;

export function MailState({
  contact: { email, letter, suppression },
  onChanged,
}: {
  contact: Contact;
  onChanged: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  return (
    <>
      {suppression && <Suppressed email={email} suppression={suppression} onChanged={onChanged} />}
      {letter && <LastLetter email={email} letter={letter} />}
      {letter && (
        <p class={css.note}>
          <a href={paths.outboxTo(email)}>{t('contactMail.all', { email })}</a>
        </p>
      )}
    </>
  );
}

function LastLetter({ email, letter }: { email: string; letter: LetterFate }) {
  const { paths, moment } = useOrg();
  const reason = letterTrouble(letter);
  const at = moment(letter.createdAt);
  return (
    <p class={reason === null ? css.note : css.warn}>
      {reason === null
        ? t('contactMail.last', { what: stateWords(letterState(letter)), at })
        : t(TROUBLE[letter.state], { email, at, reason })}{' '}
      <a href={paths.letter(letter.id)}>{t('contactMail.toLetter')}</a>
    </p>
  );
}

/** Why nothing more is sent, what to do, and the way to write to them again. */
export function Suppressed({
  email,
  suppression,
  onChanged,
}: {
  email: string;
  suppression: Suppression;
  onChanged: () => Promise<unknown>;
}) {
  const { paths, moment } = useOrg();
  const [isAsked, setAsked] = useState(false);
  const { isBusy, error, run, clear } = useTask();
  const close = () => {
    setAsked(false);
    clear();
  };
  const lift = () =>
    run(async () => {
      await send('PUT', paths.api(`suppressions/${suppression.id}`), { lifted: true });
      close();
      toast(t('suppression.lifted', { email }));
      await onChanged();
    });
  return (
    <div class={`${css.warn} ${css.suppressed}`}>
      <p>
        <strong>{t('suppression.title', { email })}</strong>
      </p>
      <p>{t(`suppression.${suppression.reason}`, { at: moment(suppression.since) })}</p>
      <Button icon="mail" onClick={() => setAsked(true)}>
        {t('suppression.lift')}
      </Button>
      <Dialog
        open={isAsked}
        title={t('suppression.liftTitle', { email })}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button kind="primary" busy={isBusy} onClick={lift}>
              {t('suppression.liftConfirm')}
            </Button>
          </>
        }
      >
        <p>{t('suppression.liftText')}</p>
        {error && <FormError error={error} />}
      </Dialog>
    </div>
  );
}
