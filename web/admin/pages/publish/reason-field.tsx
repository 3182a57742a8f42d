import { Field } from '../../../ui/field.tsx';

/** Characters that the API takes; some decisions ask for more. */
const REASON_MIN = 3;
const REASON_MAX = 500;

/** Why: what a decision about a publish is kept, and told, with. */
export function ReasonField({
  label,
  hint,
  min = REASON_MIN,
  value,
  onValue,
}: {
  label: string;
  hint: string;
  min?: number;
  value: string;
  onValue: (reason: string) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {(input) => (
        <textarea
          {...input}
          required
          minLength={min}
          maxLength={REASON_MAX}
          rows={3}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
