import type { ComponentChildren } from 'preact';
import { Field } from '../../ui/field.tsx';
import type { Typed } from '../use-typed.ts';
import filters from './filters.module.css';

/** Narrows a list: by what is typed, and by the fields beside it. */
export function SearchForm({
  typed,
  label,
  hint,
  children,
}: {
  typed: Typed;
  label: string;
  hint: string;
  children?: ComponentChildren;
}) {
  return (
    <search>
      <form
        class={filters.filters}
        onSubmit={(event) => {
          event.preventDefault();
          typed.settle();
        }}
      >
        <Field label={label} hint={hint}>
          {(input) => (
            <input
              {...input}
              type="search"
              autocomplete="off"
              maxLength={100}
              value={typed.text}
              onInput={(event) => typed.type(event.currentTarget.value)}
            />
          )}
        </Field>
        {children}
      </form>
    </search>
  );
}
