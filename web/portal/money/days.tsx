import { Field } from '../../ui/Field.tsx';
import { w } from './words.ts';

/** No paper is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** From one day to another (YYYY-MM-DD), both included. */
export type Days = { from?: string | undefined; to?: string | undefined };

/** The days that an address or a form asks for. Pure. */
export function daysOf(query: Record<string, string | undefined>): Days {
  const dayOf = (day: string | undefined) => (day && DAY.test(day) ? day : undefined);
  return { from: dayOf(query.from), to: dayOf(query.to) };
}

export function isBackwards({ from, to }: Days): boolean {
  return Boolean(from && to && from > to);
}

/** A path with what is asked for as its query, in one order, so that one list has one name. Pure. */
export function withQuery(path: string, wanted: Record<string, string | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value) params.set(name, value);
  return params.size > 0 ? `${path}?${params}` : path;
}

export function entriesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

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
