import type { ContactAccess } from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { toast } from '../../../ui/toast.tsx';
import { letterTrouble } from '../../components/letter-words.ts';
import { useOrg } from '../../org.ts';
import type { Contact, LinkRow } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import type { Asked } from './contact-dialogs.tsx';
import css from './customer.module.css';
import { LinkTable } from './link-table.tsx';
import { MailState } from './mail-state.tsx';
import { SeeAs } from './see-as.tsx';

const LOOKS: Record<ContactAccess, { tone: Tone; icon: IconName }> = {
  allowed: { tone: 'good', icon: 'check' },
  paused: { tone: 'warn', icon: 'clock' },
  ended: { tone: 'plain', icon: 'lock' },
};

/** A person at the customer: whether they may look, and every link they have. */
export function ContactCard({
  contact,
  customerId,
  onAsk,
  onChanged,
}: {
  contact: Contact;
  customerId: string;
  onAsk: (asked: Asked) => void;
  onChanged: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const mail = useTask();
  const change = useTask();
  const name = contact.name ?? contact.email;
  const isAllowed = contact.access === 'allowed';
  const { standing, inMails, old, previews } = sorted(contact.links);

  const sendMail = () =>
    mail.run(async () => {
      const wanted = { contactId: contact.id, delivery: 'mail' };
      await send('POST', paths.api(`customers/${customerId}/links`), wanted);
      toast(t('link.mailed', { email: contact.email }));
      await onChanged();
    });
  const setAccess = (access: ContactAccess) =>
    change.run(async () => {
      await send('PUT', paths.api(`contacts/${contact.id}/access`), { access });
      toast(t('access.changed', { name, access: t(`accessStates.${access}`) }));
      await onChanged();
    });

  return (
    <Card>
      <article class={css.card}>
        <header class={css.head}>
          <div class={css.who}>
            <div class={css.name}>
              <h3>{name}</h3>
              <Badge {...LOOKS[contact.access]}>{t(`accessStates.${contact.access}`)}</Badge>
            </div>
            <p class={css.email}>
              {contact.name && <>{contact.email}, </>}
              {t(`languages.${contact.language}`)}
            </p>
            {contact.access !== 'allowed' && (
              <p class={css.note}>{t(`accessHints.${contact.access}`)}</p>
            )}
          </div>
          <div class={css.actions}>
            {isAllowed && (
              <>
                <SeeAs contact={contact} />
                <Button icon="copy" onClick={() => onAsk({ what: 'new', contact })}>
                  {t('link.new')}
                </Button>
                <Button
                  icon="mail"
                  busy={mail.isBusy}
                  onClick={() =>
                    isJustWrittenTo(contact) ? onAsk({ what: 'mail', contact }) : sendMail()
                  }
                >
                  {t('link.mail')}
                </Button>
              </>
            )}
            {/* One button for both: who presses it keeps the focus. */}
            <Button
              {...(!isAllowed && { icon: 'check' })}
              busy={change.isBusy}
              onClick={() => setAccess(isAllowed ? 'paused' : 'allowed')}
            >
              {t(isAllowed ? 'access.pause' : 'access.allow')}
            </Button>
            {contact.access !== 'ended' && (
              <Button kind="danger" onClick={() => onAsk({ what: 'end', contact })}>
                {t('access.end')}
              </Button>
            )}
          </div>
        </header>
        <MailState contact={contact} onChanged={onChanged} />
        {mail.error && <ErrorNote error={mail.error} retry={sendMail} />}
        {change.error && <ErrorNote error={change.error} />}
        {standing.length > 0 ? (
          <LinkTable caption={name} links={standing} contact={contact} onAsk={onAsk} />
        ) : (
          <p class={css.note}>
            {t(inMails.length + old.length === 0 ? 'link.none' : 'link.noneInUse')}
          </p>
        )}
        <Folded
          title={t('link.notifications', { count: inMails.length })}
          links={inMails}
          contact={contact}
          onAsk={onAsk}
        />
        <Folded
          title={t('link.old', { count: old.length })}
          links={old}
          contact={contact}
          onAsk={onAsk}
        />
        <Folded
          title={t('link.previews', { count: previews.length })}
          links={previews}
          contact={contact}
          onAsk={onAsk}
        />
      </article>
    </Card>
  );
}

function Folded({
  title,
  links,
  contact,
  onAsk,
}: {
  title: string;
  links: LinkRow[];
  contact: Contact;
  onAsk: (asked: Asked) => void;
}) {
  if (links.length === 0) return null;
  return (
    <details class={css.folded}>
      <summary>{title}</summary>
      <LinkTable caption={title} links={links} contact={contact} onAsk={onAsk} />
    </details>
  );
}

const JUST_MILLISECONDS = 3_600_000;

/** Whether a letter to them is on its way or has just come: another brings another link that works. */
function isJustWrittenTo({ letter }: Contact): boolean {
  if (letter === null || letterTrouble(letter) !== null) return false;
  return Date.now() - Date.parse(letter.createdAt) < JUST_MILLISECONDS;
}

/** Whether a link opens anything. */
export const worksStill = ({ state }: LinkRow) => state === 'active' || state === 'rotated';

/** The person's own links that work; those inside notifications; those that work no more; those of staff. */
function sorted(links: readonly LinkRow[]) {
  const theirs = links.filter(({ purpose }) => purpose !== 'preview');
  const works = theirs.filter(worksStill);
  return {
    standing: works.filter(({ purpose }) => purpose === 'standing'),
    inMails: works.filter(({ purpose }) => purpose !== 'standing'),
    old: theirs.filter((link) => !worksStill(link)),
    previews: links.filter(({ purpose }) => purpose === 'preview'),
  };
}
