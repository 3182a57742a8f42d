import { useEffect, useState } from 'preact/hooks';
import { PDF_MAX_BYTES } from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormError } from '../../components/form-error.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { Settings } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { changedSettings, type Editable } from './changed-settings.ts';
import { DocumentsPart } from './documents-part.tsx';
import { Part } from './part.tsx';
import { PaymentPart } from './payment-part.tsx';
import { RegionalPart } from './regional-part.tsx';
import css from './settings.module.css';
import { TrackingLinks } from './tracking-links.tsx';

type Of<Value> = {
  [Name in keyof Editable]: Editable[Name] extends Value ? Name : never;
}[keyof Editable];
type TextName = Exclude<
  Of<string | null>,
  'colour' | 'timeZone' | 'locale' | 'currency' | 'paymentLink'
>;
type NumberName = Of<number>;

const BOUNDS: Record<NumberName, [min: number, max: number]> = {
  hourlyRequestLimit: [20, 10_000],
  orderWindowMonths: [1, 120],
  cancelledWindowDays: [0, 3_650],
  draftWindowDays: [0, 365],
  fileMaxMegabytes: [1, PDF_MAX_BYTES / 1_000_000],
};

export function SettingsForm({
  settings,
  onSaved,
}: {
  settings: Settings;
  onSaved: () => Promise<unknown>;
}) {
  const { paths, isOwner } = useOrg();
  const { isBusy, error, run } = useTask();
  const [draft, setDraft] = useState<Settings>(settings);
  useEffect(() => setDraft(settings), [settings]);
  const set = (changed: Partial<Settings>) => setDraft((old) => ({ ...old, ...changed }));
  const wrong = (name: keyof Editable) => (error?.fields[name] ? t('form.invalid') : undefined);

  const text = (
    name: TextName,
    more: { isEmail?: boolean; max: number; hint?: string; isRequired?: boolean },
  ) => (
    <Field
      label={t(`settings.${name}`)}
      hint={more.hint}
      optional={!more.isRequired}
      error={wrong(name)}
    >
      {(input) => {
        const props = {
          ...input,
          maxLength: more.max,
          required: more.isRequired ?? false,
          value: draft[name] ?? '',
          onInput: (event: { currentTarget: HTMLInputElement }) => {
            const { value } = event.currentTarget;
            set({ [name]: value === '' && !more.isRequired ? null : value });
          },
        };
        return more.isEmail ? <input {...props} type="email" /> : <input {...props} type="text" />;
      }}
    </Field>
  );
  const number = (name: NumberName, hint?: string) => (
    <Field label={t(`settings.${name}`)} hint={hint} error={wrong(name)}>
      {(input) => (
        <input
          {...input}
          type="number"
          inputMode="numeric"
          min={BOUNDS[name][0]}
          max={BOUNDS[name][1]}
          step={1}
          required
          value={draft[name]}
          onInput={(event) => set({ [name]: event.currentTarget.valueAsNumber })}
        />
      )}
    </Field>
  );

  const save = () =>
    run(async () => {
      await send('PUT', paths.api('settings'), changedSettings(settings, draft));
      await onSaved();
      toast(t('common.saved'));
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class={css.form} disabled={!isOwner}>
        <Part id="brand" title={t('settings.brand')}>
          {text('name', { max: 120, isRequired: true })}
          <Field
            label={t('settings.colour')}
            hint={t('settings.colourHint')}
            error={wrong('colour')}
          >
            {(input) => (
              <div class={css.colour}>
                <input
                  type="color"
                  aria-label={t('settings.colour')}
                  value={draft.colour}
                  onInput={(event) => set({ colour: event.currentTarget.value })}
                />
                <input
                  {...input}
                  pattern="#[0-9a-fA-F]{6}"
                  required
                  value={draft.colour}
                  onInput={(event) => set({ colour: event.currentTarget.value })}
                />
              </div>
            )}
          </Field>
        </Part>
        <Part id="contact" title={t('settings.contact')}>
          {text('contactEmail', { isEmail: true, max: 254 })}
          {text('contactPhone', { max: 40 })}
          {text('contactHours', { max: 120, hint: t('settings.contactHoursHint') })}
          <Field label={t('settings.address')} optional error={wrong('address')}>
            {(input) => (
              <textarea
                {...input}
                rows={3}
                maxLength={400}
                value={draft.address ?? ''}
                onInput={(event) => set({ address: event.currentTarget.value || null })}
              />
            )}
          </Field>
        </Part>
        <RegionalPart draft={draft} onChange={set} wrong={wrong} />
        <PaymentPart draft={draft} onChange={set} isWrong={Boolean(error?.fields.paymentLink)} />
        <Part id="windows" title={t('settings.windows')}>
          {number('orderWindowMonths')}
          {number('cancelledWindowDays')}
          {number('draftWindowDays')}
        </Part>
        <Section id="documents" title={t('settings.documents')}>
          <Card>
            <DocumentsPart draft={draft} onChange={set}>
              {number('fileMaxMegabytes', t('settings.fileMaxMegabytesHint'))}
            </DocumentsPart>
          </Card>
        </Section>
        <Section id="carriers" title={t('settings.trackingLinks')}>
          <Card>
            <TrackingLinks
              links={draft.trackingLinks}
              onChange={(trackingLinks) => set({ trackingLinks })}
              isWrong={(carrier) => error?.fields[`trackingLinks.${carrier}`] !== undefined}
            />
          </Card>
        </Section>
        <Part id="safety" title={t('settings.safety')}>
          {number('hourlyRequestLimit')}
          <label class={css.check}>
            <input
              type="checkbox"
              checked={draft.requiresTwoPersons}
              onChange={(event) => set({ requiresTwoPersons: event.currentTarget.checked })}
            />
            <span>
              {t('settings.requiresTwoPersons')}
              <small>{t('settings.requiresTwoPersonsHint')}</small>
            </span>
          </label>
        </Part>
        {error && <FormError error={error} />}
        {isOwner && (
          <div>
            <Button type="submit" kind="primary" busy={isBusy}>
              {t('common.save')}
            </Button>
          </div>
        )}
      </fieldset>
    </form>
  );
}
