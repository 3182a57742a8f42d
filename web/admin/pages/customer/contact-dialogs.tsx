import { useEffect, useState } from 'preact/hooks';
import { LINK_SCOPES, type LinkScope } from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { currentLocale } from '../../../lib/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { Contact, LinkRow, NewLink } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { ageWords } from '../issues/age.ts';
import css from './customer.module.css';
import { LinkOnce } from './link-once.tsx';

/** What a person asked to do with a contact or one of their links. */
export type Asked =
  | { what: 'new' | 'mail' | 'end'; contact: Contact }
  | { what: 'rotate' | 'revoke'; contact: Contact; link: LinkRow };

/** The questions before a link is made, mailed again, replaced or revoked; and the new link, shown once. */
export function ContactDialogs({
  asked,
  customerId,
  onClose,
  onChanged,
}: {
  asked: Asked | null;
  customerId: string;
  onClose: () => void;
  onChanged: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const task = useTask();
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState<LinkScope>('all');
  const [isEnding, setEnding] = useState(false);
  const [made, setMade] = useState<{ url: string; name: string; isRotated: boolean } | null>(null);
  // Every question starts afresh.
  useEffect(() => {
    task.clear();
    setLabel('');
    setScope('all');
    setEnding(false);
  }, [asked]);

  const nameOf = ({ contact }: Asked) => contact.name ?? contact.email;
  const show = async (link: NewLink, from: Asked) => {
    setMade({ url: link.url, name: nameOf(from), isRotated: from.what === 'rotate' });
    onClose();
    await onChanged();
  };
  const act = async (from: Asked) => {
    switch (from.what) {
      case 'new': {
        const wanted = { contactId: from.contact.id, scope, label: label.trim() || null };
        const path = paths.api(`customers/${customerId}/links`);
        return show(await send<NewLink>('POST', path, { ...wanted, delivery: 'copy' }), from);
      }
      case 'mail': {
        const wanted = { contactId: from.contact.id, delivery: 'mail' };
        await send('POST', paths.api(`customers/${customerId}/links`), wanted);
        toast(t('link.mailed', { email: from.contact.email }));
        break;
      }
      case 'rotate':
        return show(
          await send<NewLink>('POST', paths.api(`links/${from.link.id}/rotation`), {}),
          from,
        );
      case 'revoke':
        await send('POST', paths.api(`links/${from.link.id}/revocation`), { endAccess: isEnding });
        toast(isEnding ? t('link.accessEnded', { name: nameOf(from) }) : t('link.revoked'));
        break;
      case 'end':
        await send('PUT', paths.api(`contacts/${from.contact.id}/access`), { access: 'ended' });
        toast(t('access.changed', { name: nameOf(from), access: t('accessStates.ended') }));
    }
    onClose();
    await onChanged();
  };

  const isDanger = asked?.what === 'revoke' || asked?.what === 'end';
  return (
    <>
      <FormDialog
        open={asked !== null}
        title={asked ? titleOf(asked, nameOf(asked)) : ''}
        onClose={onClose}
        confirm={asked && confirmOf(asked)}
        kind={isDanger ? 'danger' : 'primary'}
        isBusy={task.isBusy}
        onSubmit={() => {
          if (asked) void task.run(() => act(asked));
        }}
      >
        {asked && <p>{textOf(asked)}</p>}
        {asked?.what === 'new' && (
          <>
            <fieldset>
              <legend class={css.legend}>{t('linkNew.scope')}</legend>
              {LINK_SCOPES.map((each) => (
                <label key={each} class={css.check}>
                  <input
                    type="radio"
                    name="scope"
                    checked={scope === each}
                    onChange={() => setScope(each)}
                  />
                  <span>
                    {t(`linkScopes.${each}`)}
                    <small>{t(`linkScopeHints.${each}`)}</small>
                  </span>
                </label>
              ))}
            </fieldset>
            <Field label={t('linkNew.label')} hint={t('linkNew.labelHint')} optional>
              {(input) => (
                <input
                  {...input}
                  value={label}
                  maxLength={80}
                  autocomplete="off"
                  onInput={(event) => setLabel(event.currentTarget.value)}
                />
              )}
            </Field>
          </>
        )}
        {asked?.what === 'revoke' && (
          <label class={css.check}>
            <input
              type="checkbox"
              checked={isEnding}
              onChange={(event) => setEnding(event.currentTarget.checked)}
            />
            {t('linkRevoke.end')}
          </label>
        )}
        {task.error && <FormError error={task.error} />}
      </FormDialog>
      <LinkOnce made={made} onClose={() => setMade(null)} />
    </>
  );
}

function titleOf(asked: Asked, name: string): string {
  switch (asked.what) {
    case 'new':
      return t('linkNew.title', { name });
    case 'mail':
      return t('linkMail.title', { name });
    case 'rotate':
      return t('linkRotate.title');
    case 'revoke':
      return t('linkRevoke.title');
    case 'end':
      return t('accessEnd.title', { name });
  }
}

function textOf(asked: Asked): string {
  switch (asked.what) {
    case 'new':
      return t('linkNew.text');
    case 'mail':
      return t('linkMail.text', { email: asked.contact.email, ago: lastWrittenTo(asked.contact) });
    case 'rotate':
      return t('linkRotate.text');
    case 'revoke':
      return t('linkRevoke.text');
    case 'end':
      return t('accessEnd.text');
  }
}

function confirmOf(asked: Asked): string {
  switch (asked.what) {
    case 'new':
      return t('linkNew.create');
    case 'mail':
      return t('linkMail.confirm');
    case 'rotate':
      return t('linkRotate.confirm');
    case 'revoke':
      return t('linkRevoke.confirm');
    case 'end':
      return t('accessEnd.confirm');
  }
}

const lastWrittenTo = ({ letter }: Contact): string =>
  letter === null ? '' : ageWords(letter.createdAt, Date.now(), currentLocale());
