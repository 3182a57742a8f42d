import { PAYMENT_LINK_MAX_CHARACTERS, PAYMENT_LINK_NAMES } from '../../../../worker/vocabulary.ts';
import { Field } from '../../../ui/field.tsx';
import type { Settings } from '../../types.ts';
import { t } from '../../words.ts';
import { Part } from './part.tsx';

/** Where customers can pay an invoice: an address of the supplier's own bank or payment service. */
export function PaymentPart({
  draft,
  onChange,
  isWrong,
}: {
  draft: Settings;
  onChange: (changed: Partial<Settings>) => void;
  isWrong: boolean;
}) {
  return (
    <Part id="payment" title={t('settings.payment')}>
      <Field
        label={t('settings.paymentLink')}
        hint={t('settings.paymentLinkHint', {
          names: PAYMENT_LINK_NAMES.map((name) => `{${name}}`).join(', '),
        })}
        optional
        error={isWrong ? t('settings.paymentLinkWrong') : undefined}
      >
        {(input) => (
          <input
            {...input}
            type="text"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            maxLength={PAYMENT_LINK_MAX_CHARACTERS}
            value={draft.paymentLink ?? ''}
            onInput={(event) => onChange({ paymentLink: event.currentTarget.value || null })}
          />
        )}
      </Field>
    </Part>
  );
}
