import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  DOCUMENT_KINDS,
  type DocumentKind,
  EXPOSABLE_FIELDS,
  type ExposableField,
} from '../../../worker/vocabulary.ts';
import { send } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { toast } from '../../ui/toast.tsx';
import { useOrg, withQuery } from '../org.ts';
import type { CustomerExposure, Exposure, ReviewMove } from '../types.ts';
import { useTask } from '../use-task.ts';
import { joined, kindWords, t } from '../words.ts';
import css from './exposure-form.module.css';
import { FormError } from './form-error.tsx';

const FIELD_GROUPS = {
  order: ['expected_ship', 'expected_delivery', 'items_count', 'po_number', 'delivery_address'],
  orderAmounts: ['order_subtotal', 'order_tax', 'order_shipping', 'order_total'],
  lines: [
    'line_item_code',
    'line_description',
    'line_quantity',
    'line_unit_price',
    'line_tax_rate',
    'line_total',
  ],
  invoice: ['net', 'tax', 'total', 'paid', 'due_date'],
  payment: ['payment_amount', 'payment_method', 'payment_reference'],
  shipment: ['tracking_number', 'shipped_at', 'estimated_delivery'],
} as const satisfies Record<string, readonly ExposableField[]>;
type FieldGroup = keyof typeof FIELD_GROUPS;
const GROUPS = Object.keys(FIELD_GROUPS) as FieldGroup[]; // a const record's keys

/**
 * What a customer sees, or what everyone without a setting of their own sees.
 *
 * @param customer null for the default; `exposure.granted*` is what is in force for them now
 */
export function ExposureForm({
  customer,
  exposure,
  effect,
  publishId,
  onSaved,
}: {
  customer: { key: string; exposure: CustomerExposure } | null;
  exposure: Exposure;
  /** What saving would mean beyond the setting itself; null: the default is followed. */
  effect?: (wanted: Exposure | null) => ComponentChildren;
  /** The staged publish whose review it is changed from. */
  publishId?: string;
  /** `move`: what that did to the publish's review; null without one. */
  onSaved: (move: ReviewMove | null) => Promise<unknown>;
}) {
  const { paths, isApprover } = useOrg();
  const [own, setOwn] = useState(customer?.exposure.own ?? true);
  const [kinds, setKinds] = useState<ReadonlySet<DocumentKind>>(new Set(exposure.kinds));
  const [fields, setFields] = useState<ReadonlySet<ExposableField>>(new Set(exposure.fields));
  const { isBusy, error, run } = useTask();
  // What the server holds is where editing starts, whenever it is read again.
  useEffect(() => {
    setOwn(customer?.exposure.own ?? true);
    setKinds(new Set(exposure.kinds));
    setFields(new Set(exposure.fields));
  }, [customer?.exposure.own, exposure]);

  const isReadOnly = !isApprover || isBusy;
  const save = () =>
    run(async () => {
      const to = withQuery(paths.api('exposures'), { publish: publishId });
      const { review } = await send<{ review: ReviewMove | null }>('PUT', to, {
        customerKey: customer?.key ?? null,
        kinds: own ? DOCUMENT_KINDS.filter((kind) => kinds.has(kind)) : null,
        fields: own ? EXPOSABLE_FIELDS.filter((field) => fields.has(field)) : null,
        basedOn: { kinds: exposure.kinds, fields: exposure.fields },
      });
      await onSaved(review);
      toast(t('exposure.saved'));
    });

  return (
    <Card>
      <form
        class={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {!isApprover && <p class={css.note}>{t('exposure.readOnly')}</p>}
        {customer && (
          <fieldset class={css.modes} disabled={isReadOnly}>
            <legend class="unseen">{t('exposure.mode')}</legend>
            {([false, true] as const).map((mode) => (
              <label key={String(mode)} class={css.check}>
                <input
                  type="radio"
                  name="own"
                  checked={own === mode}
                  onChange={() => setOwn(mode)}
                />
                {t(mode ? 'exposure.own' : 'exposure.follow')}
              </label>
            ))}
          </fieldset>
        )}
        {own && (
          <>
            <div class={css.groups}>
              <Group
                name={t('exposure.documents')}
                values={DOCUMENT_KINDS}
                chosen={kinds}
                labelOf={(kind) => kindWords(kind)}
                onChoose={setKinds}
                disabled={isReadOnly}
              />
              {GROUPS.map((group) => (
                <Group
                  key={group}
                  name={t(`exposureGroups.${group}`)}
                  values={FIELD_GROUPS[group]}
                  chosen={fields}
                  labelOf={(field) => t(`fields.${field}`)}
                  onChoose={setFields}
                  disabled={isReadOnly}
                />
              ))}
            </div>
            <p class={css.note}>{t('exposure.always')}</p>
          </>
        )}
        <Effect
          before={exposure}
          granted={
            customer && {
              kinds: customer.exposure.grantedKinds,
              fields: customer.exposure.grantedFields,
            }
          }
          wanted={own ? { kinds: [...kinds], fields: [...fields] } : null}
        />
        {effect?.(own ? { kinds: [...kinds], fields: [...fields] } : null)}
        {error && <FormError error={error} />}
        {isApprover && (
          <div>
            <Button type="submit" kind="primary" busy={isBusy}>
              {t('common.save')}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}

function Group<T extends string>({
  name,
  values,
  chosen,
  labelOf,
  onChoose,
  disabled,
}: {
  name: string;
  values: readonly T[];
  chosen: ReadonlySet<T>;
  labelOf: (value: T) => string;
  onChoose: (chosen: ReadonlySet<T>) => void;
  disabled: boolean;
}) {
  const count = values.filter((value) => chosen.has(value)).length;
  const change = (changed: readonly T[], isOn: boolean) => {
    const next = new Set(chosen);
    for (const value of changed) isOn ? next.add(value) : next.delete(value);
    onChoose(next);
  };
  return (
    <fieldset class={css.group} disabled={disabled}>
      <legend class={css.legend}>
        <label class={css.check}>
          <input
            type="checkbox"
            aria-label={t('exposure.allOf', { group: name })}
            checked={count === values.length}
            // A fieldset does not disable what is in its legend.
            disabled={disabled}
            ref={(input) => {
              if (input) input.indeterminate = count > 0 && count < values.length;
            }}
            onChange={(event) => change(values, event.currentTarget.checked)}
          />
          {name}
        </label>
      </legend>
      {values.map((value) => (
        <label key={value} class={css.check}>
          <input
            type="checkbox"
            checked={chosen.has(value)}
            onChange={(event) => change([value], event.currentTarget.checked)}
          />
          {labelOf(value)}
        </label>
      ))}
    </fieldset>
  );
}

/** What saving would do: what goes at once, and what waits for a signature. */
function Effect({
  before,
  granted,
  wanted,
}: {
  before: Exposure;
  granted: Exposure | null;
  wanted: Exposure | null;
}) {
  if (wanted === null) return <p class={css.note}>{t('exposure.when')}</p>;
  const now = granted ?? before;
  const gone = namesOf(now, wanted);
  const later = namesOf(wanted, now);
  return (
    <div class={css.effect} aria-live="polite">
      <p class={css.note}>{t('exposure.when')}</p>
      {gone.length > 0 && (
        <p>
          <strong>{t('exposure.now')}:</strong> {joined(gone)}
        </p>
      )}
      {later.length > 0 && (
        <p>
          <strong>{t('exposure.later')}:</strong> {joined(later)}
        </p>
      )}
      {gone.length === 0 && later.length === 0 && <p>{t('exposure.nothing')}</p>}
    </div>
  );
}

/** The words for what is in one exposure and not in the other. */
function namesOf(exposure: Exposure, without: Exposure): string[] {
  return [
    ...exposure.kinds.filter((kind) => !without.kinds.includes(kind)).map((k) => kindWords(k)),
    ...exposure.fields
      .filter((field) => !without.fields.includes(field))
      .map((field) => t(`fields.${field}`)),
  ];
}
