import { useState } from 'preact/hooks';
import { SEARCH_MAX_CHARACTERS } from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { useMedia } from '../../lib/media.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Days } from './days.ts';
import { FilterForm } from './filter-form.tsx';
import css from './list-filters.module.css';

type Wanted = Days & { q?: string | undefined };

/** Which rows of a list are wanted: the search is always there, the rest is folded away on a phone. */
export function ListFilters<W extends Wanted>({
  search,
  more,
  isNarrowed,
  children,
  ...form
}: Parameters<typeof FilterForm<W>>[0] & {
  search: { label: string; hint: string };
  /** What is folded away. */
  more: string;
  /** Something is asked for that only the folded part shows. */
  isNarrowed: boolean;
}) {
  const isWide = useMedia('(width >= 40rem)');
  const [isOpen, setOpen] = useState(isNarrowed);
  return (
    <FilterForm {...form}>
      <div class={css.search}>
        <Field label={search.label} hint={search.hint}>
          {(input) => (
            <input
              {...input}
              type="search"
              name="q"
              defaultValue={form.wanted.q}
              maxLength={SEARCH_MAX_CHARACTERS}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              enterkeyhint="search"
            />
          )}
        </Field>
        <Button type="submit" kind="primary" icon="search">
          {t('orders.find')}
        </Button>
      </div>
      <details
        class={css.more}
        open={isWide || isOpen}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary class={css.summary}>
          <Icon name="chevron" />
          {more}
        </summary>
        {children}
      </details>
    </FilterForm>
  );
}

/** One of a closed list. */
export function Choice({
  name,
  label,
  chosen,
  options,
}: {
  name: string;
  label: string;
  chosen: string;
  options: readonly { value: string; words: string }[];
}) {
  return (
    <Field label={label}>
      {(input) => (
        <select {...input} name={name}>
          {options.map(({ value, words }) => (
            <option key={value} value={value} selected={value === chosen}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
