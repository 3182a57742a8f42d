import { Field } from '../../ui/field.tsx';

/** No paper is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';

/** Where one end of a span of days is chosen. */
export function DayField({
  name,
  label,
  day,
  required = false,
}: {
  name: string;
  label: string;
  day: string | undefined;
  required?: boolean;
}) {
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
          required={required}
        />
      )}
    </Field>
  );
}
