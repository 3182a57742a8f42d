import { Field } from '../../ui/Field.tsx';
import { t } from '../words.ts';

/** Where a customer's name or code, or a part of one, is typed. */
export function CustomerQuery({
  typed,
  onType,
}: {
  typed: string;
  onType: (typed: string) => void;
}) {
  return (
    <Field label={t('customers.search')} hint={t('customers.searchHint')}>
      {(input) => (
        <input
          {...input}
          type="search"
          autocomplete="off"
          maxLength={100}
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
