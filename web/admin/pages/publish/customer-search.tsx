import { useEffect, useState } from 'preact/hooks';
import { CUSTOMER_SHOWS, type CustomerShow } from '../../../../worker/vocabulary.ts';
import { Field } from '../../../ui/Field.tsx';
import { CustomerQuery } from '../../components/customer-query.tsx';
import { t } from '../../words.ts';
import filters from '../filters.module.css';

const TYPING_PAUSE_MILLISECONDS = 250;

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
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => onSearch({ q: typed.trim(), show }), TYPING_PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [typed, q, show, onSearch]);
  return (
    <search>
      <form
        class={filters.filters}
        onSubmit={(event) => {
          event.preventDefault();
          onSearch({ q: typed.trim(), show });
        }}
      >
        <CustomerQuery typed={typed} onType={setTyped} />
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
      </form>
    </search>
  );
}
