import { useEffect, useState } from 'preact/hooks';
import { ROLES, type Role } from '../../../../worker/vocabulary.ts';
import { type ApiError, send } from '../../../lib/api.ts';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { Member } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { LanguageField } from './language-field.tsx';
import css from './settings.module.css';

export type Editing = Member | 'new' | null;

const BLANK: Omit<Member, 'id' | 'language'> = {
  email: '',
  serviceName: null,
  name: '',
  role: 'clerk',
  active: true,
};

/** Adds a person or a machine, or changes what one may do. */
export function MemberDialog({
  editing,
  onClose,
  onSaved,
}: {
  editing: Editing;
  onClose: () => void;
  onSaved: () => Promise<unknown>;
}) {
  const { paths, org } = useOrg();
  const blank = { ...BLANK, language: org.locale };
  const { isBusy, error, run, clear } = useTask();
  const [draft, setDraft] = useState<Omit<Member, 'id'>>(blank);
  const [isConfirmed, setConfirmed] = useState(false);
  const isNew = editing === 'new';
  const isService = draft.serviceName !== null;
  // The form starts with whom it is about.
  useEffect(() => {
    clear();
    setConfirmed(false);
    setDraft(editing === null || editing === 'new' ? blank : editing);
  }, [editing]);
  const set = (changed: Partial<Member>) => setDraft((old) => ({ ...old, ...changed }));
  const save = () =>
    run(async () => {
      const { email, serviceName, active, ...rest } = draft;
      if (isNew) {
        const identity = isService ? { serviceName } : { email };
        await send('POST', paths.api('members'), { ...identity, ...rest });
      } else if (editing) {
        const { name, role, language } = rest;
        const path = paths.api(`members/${editing.id}`);
        await send('PUT', path, { name, role, language, active, confirmed: isConfirmed });
      }
      onClose();
      toast(t('common.saved'));
      await onSaved();
    });
  const roles: readonly Role[] = isService ? ['clerk'] : ROLES;
  return (
    <FormDialog
      open={editing !== null}
      title={isNew ? t('members.addTitle') : t('members.editTitle', { name: draft.name })}
      onClose={onClose}
      confirm={t('common.save')}
      isBusy={isBusy}
      onSubmit={() => void save()}
    >
      {isNew && (
        <>
          <fieldset class={css.types}>
            <legend class={css.legend}>{t('members.type')}</legend>
            {([false, true] as const).map((service) => (
              <label key={String(service)} class={css.check}>
                <input
                  type="radio"
                  name="type"
                  checked={isService === service}
                  onChange={() =>
                    set({ serviceName: service ? '' : null, email: '', role: 'clerk' })
                  }
                />
                {t(service ? 'members.typeService' : 'members.typePerson')}
              </label>
            ))}
          </fieldset>
          {isService ? (
            <Field label={t('members.serviceName')} hint={t('members.serviceNameHint')}>
              {(input) => (
                <input
                  {...input}
                  required
                  minLength={3}
                  maxLength={200}
                  value={draft.serviceName ?? ''}
                  onInput={(event) => set({ serviceName: event.currentTarget.value })}
                />
              )}
            </Field>
          ) : (
            <Field label={t('members.email')} hint={t('members.emailHint')}>
              {(input) => (
                <input
                  {...input}
                  type="email"
                  required
                  maxLength={254}
                  value={draft.email ?? ''}
                  onInput={(event) => set({ email: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </>
      )}
      <Field label={t('members.name')}>
        {(input) => (
          <input
            {...input}
            required
            maxLength={120}
            value={draft.name}
            onInput={(event) => set({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <fieldset>
        <legend class={css.legend}>{t('members.role')}</legend>
        {roles.map((role) => (
          <label key={role} class={css.check}>
            <input
              type="radio"
              name="role"
              checked={draft.role === role}
              onChange={() => set({ role })}
            />
            <span>
              {t(`roles.${role}`)}
              <small>{t(`roleHints.${role}`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <LanguageField
        label={t('members.language')}
        value={draft.language}
        onChange={(language) => set({ language })}
      />
      {!isNew && (
        <label class={css.check}>
          <input
            type="checkbox"
            checked={draft.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
          {t('members.isActive')}
        </label>
      )}
      {error && <FormError error={error} words={whyRefused(error, isNew)} />}
      {error?.fields.confirmed && (
        <label class={css.check}>
          <input
            type="checkbox"
            required
            checked={isConfirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
          />
          {t('members.confirmLastApprover')}
        </label>
      )}
    </FormDialog>
  );
}

/** What some codes mean here; undefined where their usual words fit. */
function whyRefused({ code, fields }: ApiError, isNew: boolean): string | undefined {
  if (code === 'conflict') return t('members.known');
  if (fields.confirmed) return t('members.lastApprover');
  // Every role on offer is a valid one: it is refused where nobody else would be an owner.
  return fields.role && !isNew ? t('members.lastOwner') : undefined;
}
