import { currentLocale } from '../../../lib/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import type { Settings } from '../../types.ts';
import { t } from '../../words.ts';
import { LanguageField } from './language-field.tsx';
import { Part } from './part.tsx';

const ZONES = Intl.supportedValuesOf('timeZone');
const CURRENCIES = Intl.supportedValuesOf('currency');

/** What is spoken, counted in and lived by where nobody has said otherwise. */
export function RegionalPart({
  draft,
  onChange,
  wrong,
}: {
  draft: Settings;
  onChange: (changed: Partial<Settings>) => void;
  wrong: (name: 'locale' | 'currency' | 'timeZone') => string | undefined;
}) {
  const names = new Intl.DisplayNames(currentLocale(), { type: 'currency' });
  return (
    <Part id="regional" title={t('settings.regional')}>
      <LanguageField
        label={t('settings.locale')}
        hint={t('settings.localeHint')}
        error={wrong('locale')}
        value={draft.locale}
        onChange={(locale) => onChange({ locale })}
      />
      <Field
        label={t('settings.currency')}
        hint={t('settings.currencyHint')}
        error={wrong('currency')}
      >
        {(input) => (
          <select
            {...input}
            value={draft.currency ?? ''}
            onChange={(event) => onChange({ currency: event.currentTarget.value || null })}
          >
            <option value="">{t('settings.currencyNone')}</option>
            {CURRENCIES.map((code) => (
              <option key={code} value={code}>
                {`${code} (${names.of(code) ?? code})`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={t('settings.timeZone')}
        hint={t('settings.timeZoneHint')}
        error={wrong('timeZone')}
      >
        {(input) => (
          <select
            {...input}
            value={draft.timeZone}
            onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
          >
            {!ZONES.includes(draft.timeZone) && <option>{draft.timeZone}</option>}
            {ZONES.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        )}
      </Field>
    </Part>
  );
}
