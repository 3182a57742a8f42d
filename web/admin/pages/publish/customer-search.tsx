import { CUSTOMER_SHOWS, type CustomerShow } from '../../../../worker/vocabulary.ts';
import { Field } from '../../../ui/field.tsx';
import { SearchForm } from '../../components/search-form.tsx';
import { useTyped } from '../../use-typed.ts';
import { t } from '../../words.ts';

/** Finds customers of a review by name or code, or by what is special about them. */
export function CustomerSearch({
  q,
  show,
  onSearch,
}: {
  q: string;
  show: CustomerShow;
  onSearch: (wanted: { q: string; show: CustomerShow }) => void;
}) {
  const typed = useTyped(q, (wanted) => onSearch({ q: wanted, show }));
  return (
    <SearchForm typed={typed} label={t('customers.search')} hint={t('customers.searchHint')}>
      <Field label={t('review.show')}>
        {(input) => (
          <select
            {...input}
            value={show}
            onChange={(event) => {
              const { value } = event.currentTarget;
              onSearch({ q, show: CUSTOMER_SHOWS.find((each) => each === value) ?? 'all' });
            }}
          >
            {CUSTOMER_SHOWS.map((each) => (
              <option key={each} value={each}>
                {t(`reviewCustomers.${each}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </SearchForm>
  );
}
