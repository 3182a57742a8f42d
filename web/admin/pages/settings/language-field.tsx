import { LOCALES, type Locale } from '../../../../worker/vocabulary.ts';
import { localeOf } from '../../../lib/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { t } from '../../words.ts';

/** One of the languages that there are words in. */
export function LanguageField({
  value,
  onChange,
  ...field
}: {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: Locale;
  onChange: (language: Locale) => void;
}) {
  return (
    <Field {...field}>
      {(input) => (
        <select
          {...input}
          value={value}
          onChange={(event) => {
            const language = localeOf(event.currentTarget.value);
            if (language) onChange(language);
          }}
        >
          {LOCALES.map((locale) => (
            <option key={locale} value={locale}>
              {t(`languages.${locale}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
