import { useRef } from 'preact/hooks';
import type { ReadingQuestion } from '../../../../worker/vocabulary.ts';
import type { ApiError } from '../../../lib/api.ts';
import { errorWords } from '../../../lib/i18n.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { isCode } from '../../imports.ts';
import { t } from '../../words.ts';
import { AlreadyStaged } from './already-staged.tsx';
import { ColumnsTable } from './columns-table.tsx';
import { ConventionSelects } from './convention-selects.tsx';
import css from './csv-import.module.css';
import { CsvQuestions } from './csv-questions.tsx';
import { askedQuestions, type CsvState, openQuestions, readingOf } from './csv-state.ts';
import type { CsvTerms } from './csv-terms.ts';
import type { CsvImport } from './use-csv-import.ts';

/**
 * How a file is read: first what it does not say itself, then what was found, to be looked over and
 * put right, then every column.
 */
export function ReadingForm({
  csv,
  state,
  rows,
  terms: { isOtherStaging, onLeave },
}: {
  csv: CsvImport;
  state: Extract<CsvState, { step: 'reading' }>;
  rows: number | null;
  terms: CsvTerms;
}) {
  const form = useRef<HTMLDivElement>(null);
  const { isDetecting, isMarked, error } = state;
  const reading = readingOf(state);
  const open = openQuestions(state);
  const asked = askedQuestions(state).filter((question) => question !== 'columns');
  const stage = () => {
    const [first] = open;
    if (first === undefined) return csv.stage();
    csv.dispatch({ type: 'mark' });
    form.current?.querySelector<HTMLElement>(`[data-question="${first}"]`)?.focus();
  };
  return (
    <div class={css.form} ref={form} aria-busy={isDetecting}>
      <p>{t(asked.length > 0 ? 'csvReading.ask' : 'csvReading.look')}</p>
      {state.wasInterrupted && <p role="status">{t('csvReading.interrupted')}</p>}
      <AlreadyStaged view={state.view} />
      {asked.length > 0 && (
        <CsvQuestions csv={csv} state={state} reading={reading} asked={asked} open={open} />
      )}
      <ConventionSelects csv={csv} state={state} reading={reading} asked={asked} />
      {error && <ErrorNote error={error} words={refusalWords(error)} />}
      <ColumnsTable csv={csv} state={state} reading={reading} isOpen={open.includes('columns')} />
      <div class={css.actions}>
        <Button kind="primary" busy={isDetecting} off={isOtherStaging} onClick={stage}>
          {rows === null ? t('csvReading.stage') : t('csvReading.stageRows', { count: rows })}
        </Button>
        {!state.wasInterrupted && <Button onClick={onLeave}>{t('csvReading.leave')}</Button>}
        <p class={open.length > 0 && isMarked ? css.stop : css.soft} role="status">
          {standing(open, isOtherStaging)}
        </p>
      </div>
    </div>
  );
}

function refusalWords(error: ApiError): string {
  if (!isCode(error, 'reading_invalid')) {
    return `${errorWords(error.code)} ${t('csvReading.cutBack')}`;
  }
  return error.fields.columns === 'key_unmapped' ? t('csvColumns.noKey') : t('csvReading.refused');
}

function standing(open: readonly ReadingQuestion[], isOtherStaging: boolean): string {
  if (open.length > 0) return t('csvReading.open', { count: open.length });
  return isOtherStaging ? t('csvReading.waits') : t('csvReading.unseen');
}
