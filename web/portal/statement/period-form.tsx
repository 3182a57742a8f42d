import { useState } from 'preact/hooks';
import { useLocation } from '../../lib/router.tsx';
import { Button } from '../../ui/button.tsx';
import { DayField } from '../filters/day-field.tsx';
import { isBackwards } from '../filters/days.ts';
import { type Days, PERIODS, periodOf, withDays } from './periods.ts';
import css from './statement.module.css';
import { statementWords } from './words.ts';

/** Of which days the statement is: a usual period in one press, or days of one's own. */
export function PeriodForm({ shown, today }: { shown: Days; today: string }) {
  const { route } = useLocation();
  const [swapped, setSwapped] = useState(isBackwards(shown));
  return (
    <div class={css.period}>
      <nav class={css.usual} aria-label={statementWords('usual')}>
        {PERIODS.map((name) => {
          const days = periodOf(name, today);
          const isShown = days.from === shown.from && days.to === shown.to;
          return (
            <a
              key={name}
              class={css.choice}
              href={withDays('/statement', days)}
              aria-current={isShown ? 'true' : undefined}
            >
              {statementWords(`periods.${name}`)}
            </a>
          );
        })}
      </nav>
      {/* What was chosen by a press, or the back button, is shown here too. */}
      <form
        key={`${shown.from} ${shown.to}`}
        class={css.days}
        action="/statement"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const [from, to] = [String(form.get('from')), String(form.get('to'))];
          const isSwapped = isBackwards({ from, to });
          setSwapped(isSwapped);
          if (!isSwapped) route(withDays('/statement', { from, to }));
        }}
      >
        <DayField name="from" label={statementWords('from')} day={shown.from} required />
        <DayField name="to" label={statementWords('to')} day={shown.to} required />
        <Button type="submit">{statementWords('show')}</Button>
      </form>
      {swapped && (
        <p class={css.error} role="alert">
          {statementWords('swapped')}
        </p>
      )}
    </div>
  );
}
