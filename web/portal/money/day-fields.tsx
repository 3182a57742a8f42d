import { Field } from '../../ui/Field.tsx';
import type { Days } from './days.ts';
import { w } from './words.ts';

/** No paper is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';

/** The two days of a filter. */
export function DayFields({ from, to }: Days) {
  return (
    <>
      <Day name="from" label={w('filter.from')} day={from} />
      <Day name="to" label={w('filter.to')} day={to} />
    </>
  );
}

function Day({ name, label, day }: { name: string; label: string; day: string | undefined }) {
  return (
    <Field label={label}>
      {(input) => (
        <input
          {...input}
          type="date"
          name={name}
          defaultValue={day}
          min={FIRST_DAY}
          max={LAST_DAY}
        />
      )}
    </Field>
  );
}
