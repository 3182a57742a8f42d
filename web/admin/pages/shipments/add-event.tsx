import { useEffect, useState } from 'preact/hooks';
import {
  SHIPMENT_STATUSES,
  SHIPMENT_SUBSTATUSES,
  type ShipmentStatus,
  type ShipmentSubstatus,
} from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { t as shared } from '../../../lib/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { ShipmentRow } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';

/** What somebody can know; `unknown` is what nobody does. */
const STATUSES = SHIPMENT_STATUSES.filter((status) => status !== 'unknown');

type Draft = {
  /** As the field has it, by this computer's clock. */
  at: string;
  status: ShipmentStatus;
  substatus: ShipmentSubstatus | null;
  city: string;
  description: string;
};

/** A moment as `datetime-local` writes it: without seconds, by this computer's clock. */
function localMoment(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

const fresh = (): Draft => ({
  at: localMoment(new Date()),
  status: 'delivered',
  substatus: null,
  city: '',
  description: '',
});

/** Asks what a member knows of a parcel, and tells it. */
export function AddEvent({
  shipment,
  onClose,
  onAdded,
}: {
  shipment: ShipmentRow | null;
  onClose: () => void;
  onAdded: () => void;
}) {
  const { paths } = useOrg();
  const { isBusy, error, run, clear } = useTask();
  const [draft, setDraft] = useState(fresh);
  const [key, setKey] = useState('');
  const set = (changed: Partial<Draft>) => setDraft((old) => ({ ...old, ...changed }));
  // Another parcel is another event; sent twice, it is one.
  useEffect(() => {
    clear();
    setDraft(fresh());
    setKey(crypto.randomUUID());
  }, [shipment]);

  const add = (id: string) =>
    run(async () => {
      const body = { ...draft, at: new Date(draft.at).toISOString() };
      await send('POST', paths.api(`shipments/${id}/events`), body, key);
      onClose();
      toast(t('shipments.added'));
      onAdded();
    });

  return (
    <FormDialog
      open={shipment !== null}
      title={t('shipments.addTitle')}
      onClose={onClose}
      confirm={t('shipments.confirm')}
      isBusy={isBusy}
      onSubmit={() => {
        if (shipment) void add(shipment.id);
      }}
    >
      {shipment && <p>{t('shipments.addText', { order: shipment.order.number })}</p>}
      <Field label={t('shipments.status')}>
        {(input) => (
          <select
            {...input}
            value={draft.status}
            onChange={({ currentTarget: { value } }) =>
              set({ status: STATUSES.find((each) => each === value) ?? 'delivered' })
            }
          >
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {shared(`shipmentStatus.${each}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={t('shipments.at')}
        hint={t('shipments.atHint')}
        error={error?.fields.at && t('form.invalid')}
      >
        {(input) => (
          <input
            {...input}
            type="datetime-local"
            required
            max={localMoment(new Date())}
            value={draft.at}
            onInput={(event) => set({ at: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t('shipments.substatus')} optional>
        {(input) => (
          <select
            {...input}
            value={draft.substatus ?? ''}
            onChange={({ currentTarget: { value } }) =>
              set({ substatus: SHIPMENT_SUBSTATUSES.find((each) => each === value) ?? null })
            }
          >
            <option value="">{t('shipments.substatusNone')}</option>
            {SHIPMENT_SUBSTATUSES.map((each) => (
              <option key={each} value={each}>
                {t(`shipments.substatuses.${each}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('shipments.city')} optional>
        {(input) => (
          <input
            {...input}
            maxLength={80}
            autocomplete="off"
            value={draft.city}
            onInput={(event) => set({ city: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t('shipments.description')} optional>
        {(input) => (
          <input
            {...input}
            maxLength={200}
            autocomplete="off"
            value={draft.description}
            onInput={(event) => set({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      {error && <FormError error={error} />}
    </FormDialog>
  );
}
