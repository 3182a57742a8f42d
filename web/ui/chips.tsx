import { useId } from 'preact/hooks';
import { formatNumber } from '../lib/format.ts';
import css from './chips.module.css';

type Chip<Value extends string> = { value: Value; label: string; count?: number };

/** A choice of one filter, as a row of radio buttons. */
export function Chips<Value extends string>({
  label,
  chips,
  value,
  onChoose,
}: {
  /** Names the group; said, not shown. */
  label: string;
  chips: Chip<Value>[];
  value: Value;
  onChoose: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset class={css.chips}>
      <legend class="unseen">{label}</legend>
      {chips.map((chip) => (
        <label key={chip.value} class={css.chip}>
          <input
            type="radio"
            name={name}
            value={chip.value}
            checked={chip.value === value}
            onChange={() => onChoose(chip.value)}
          />
          <span>{chip.label}</span>
          {chip.count !== undefined && <span class={css.count}>{formatNumber(chip.count)}</span>}
        </label>
      ))}
    </fieldset>
  );
}
