import { useState } from 'preact/hooks';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { DayFields } from './day-fields.tsx';
import { type Days, daysOf, entriesOf, isBackwards, withQuery } from './days.ts';
import css from './filters.module.css';
import { w } from './words.ts';

/** The days that a page is about; the address holds them, so the way back finds them again. */
export function DaysForm({ page, days }: { page: string; days: Days }) {
  const { route } = useLocation();
  const [backwards, setBackwards] = useState(false);
  return (
    <search>
      <form
        key={withQuery('', days)}
        class={css.form}
        action={page}
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = daysOf(entriesOf(event.currentTarget));
          setBackwards(isBackwards(wanted));
          if (!isBackwards(wanted)) route(withQuery(page, wanted));
        }}
      >
        <div class={css.fields}>
          <DayFields {...days} />
          <Button type="submit">{w('filter.show')}</Button>
        </div>
        {withQuery('', days) !== '' && (
          <LinkButton icon="close" href={page}>
            {w('filter.clear')}
          </LinkButton>
        )}
        {backwards && (
          <p class={css.error} role="alert">
            {w('filter.swapped')}
          </p>
        )}
      </form>
    </search>
  );
}
