import { useState } from 'preact/hooks';
import { type Chosen, refusalWords } from '../../exports/exports-view.tsx';
import { useTakenFile } from '../../exports/take-file.ts';
import { exportWords } from '../../exports/words.ts';
import { isBackwards } from '../../lib/day.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import css from './exports-body.module.css';

/** Everything of the days that are chosen, or of one PO number, in one file. */
export function MonthPack({ from, to, dates, hasNoInvoices }: Chosen) {
  const days = useTakenFile();
  const order = useTakenFile();
  const error = days.error ?? order.error;
  const isWrong = isBackwards({ from, to });
  const [isTold, setTold] = useState(false);
  const take = () => {
    setTold(isWrong);
    if (!isWrong) void days.take(`packs/month.zip?${new URLSearchParams({ from, to, dates })}`);
  };
  return (
    <section class={css.pack} aria-labelledby="export-pack">
      <h2 id="export-pack">{exportWords('pack.title')}</h2>
      <p class={css.quiet}>{exportWords('pack.intro')}</p>
      {hasNoInvoices && <p>{exportWords('pack.noInvoices')}</p>}
      <Button icon="download" busy={days.busy} off={from === '' || to === ''} onClick={take}>
        {exportWords('pack.take')}
      </Button>
      {isTold && isWrong && (
        <p class={css.wrong} role="alert">
          {exportWords('swapped')}
        </p>
      )}
      <form
        class={css.po}
        onSubmit={(event) => {
          event.preventDefault();
          const po = String(new FormData(event.currentTarget).get('po') ?? '').trim();
          if (po !== '') void order.take(`packs/month.zip?${new URLSearchParams({ po, dates })}`);
        }}
      >
        <Field label={exportWords('pack.po')} hint={exportWords('pack.poHint')}>
          {(input) => <input {...input} name="po" required maxLength={100} autocomplete="off" />}
        </Field>
        <Button type="submit" icon="download" busy={order.busy}>
          {exportWords('pack.takePo')}
        </Button>
      </form>
      {error && (
        <ErrorNote
          error={error}
          words={error.code === 'not_found' ? exportWords('pack.nothing') : refusalWords(error)}
        />
      )}
    </section>
  );
}
