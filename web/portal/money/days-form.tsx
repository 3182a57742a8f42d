import { type Days, daysOf, withQuery } from '../filters/days.ts';
import { FilterFields, FilterForm } from '../filters/filter-form.tsx';
import { laterWords } from '../later-words.ts';

/** The days that a page is about. */
export function DaysForm({ page, days }: { page: string; days: Days }) {
  const isAll = withQuery('', days) === '';
  return (
    <FilterForm
      page={page}
      wanted={days}
      read={daysOf}
      write={withQuery}
      clear={isAll ? null : { href: page, words: laterWords('documents.clear') }}
    >
      <FilterFields days={days} />
    </FilterForm>
  );
}
