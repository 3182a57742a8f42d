import {
  PAYMENT_LINK_MAX_CHARACTERS,
  PAYMENT_LINK_NAMES,
  paymentLink,
} from '../../../../worker/domain/payment-link.ts';
import { Field } from '../../../ui/Field.tsx';
import type { Settings } from '../../types.ts';
import { t } from '../../words.ts';
import { Part } from './part.tsx';
import css from './settings.module.css';

/** An invoice that there is not, to show where its button would lead. */
const EXAMPLE = {
  invoice_number: 'INV-1001',
  balance: '121.00',
  currency: 'EUR',
  customer_code: 'ACME-7',
};

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
  const link = paymentLink(draft.paymentLink, EXAMPLE);
  return (
    <Part id="payment" title={t('settings.payment')}>
      <Field
        label={t('settings.paymentLink')}
        hint={t('settings.paymentLinkHint', {
          names: PAYMENT_LINK_NAMES.map((name) => `{${name}}`).join(', '),
        })}
        optional
        error={
          isWrong || (draft.paymentLink && link === null)
            ? t('settings.paymentLinkWrong')
            : undefined
        }
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
            onInput={(event) => onChange({ paymentLink: event.currentTarget.value.trim() || null })}
          />
        )}
      </Field>
      {link && <p class={css.example}>{t('settings.paymentLinkExample', { url: link.url })}</p>}
    </Part>
  );
}
