import type { ComponentChildren } from 'preact';
import css from './facts.module.css';

type Fact = {
  label: string;
  value: ComponentChildren | null;
  /** Twice the room of the others, or a row of its own. */
  wide?: boolean | 'row';
};

/** Labelled values. What is null is not shown to this reader and leaves no trace. */
export function Facts({ facts }: { facts: Fact[] }) {
  const shown = facts.filter(({ value }) => value !== null && value !== undefined && value !== '');
  if (shown.length === 0) return null;
  return (
    <dl class={css.facts}>
      {shown.map(({ label, value, wide }) => (
        <div key={label} class={wide === 'row' ? css.row : wide ? css.wide : undefined}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
