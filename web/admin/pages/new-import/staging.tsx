import type { ApiError } from '../../../lib/api.ts';
import { formatSize } from '../../../lib/format.ts';
import { errorWords } from '../../../lib/i18n.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Progress } from '../../../ui/progress.tsx';
import type { Progress as Staging } from '../../imports.ts';
import { t } from '../../words.ts';
import css from './csv-import.module.css';

/** How far staging is, in rows and in bytes. */
export function CsvStaging({ size, progress }: { size: number; progress: Staging | null }) {
  const { position, rows, size: total } = progress ?? { position: 0, rows: 0, size };
  return (
    <>
      <Progress
        label={`${t('csvStaging.rows', { count: rows })}, ${formatSize(position)} / ${formatSize(total)}`}
        value={total === 0 ? 0 : position / total}
      />
      <p class={css.soft} role="status">
        {t('csvStaging.keepOpen')}
      </p>
    </>
  );
}

/** The connection broke, or the Worker has no time just now. What was staged stays, and is not doubled by beginning again. */
export function CsvBroken({
  progress,
  error,
  onAgain,
}: {
  progress: Staging | null;
  error: ApiError;
  onAgain: () => void;
}) {
  return (
    <div class={css.broken} role="alert">
      <p>
        <strong>
          {progress ? t('csvStaging.brokeAt', { count: progress.rows }) : t('csvStaging.broke')}
        </strong>{' '}
        {error.code !== 'offline' && errorWords(error.code)}
      </p>
      <p>{t('csvStaging.again')}</p>
      <div>
        <Button kind="primary" onClick={onAgain}>
          {t('csvStaging.start')}
        </Button>
      </div>
    </div>
  );
}

/** The file cannot be staged as it is, or not as it is read. */
export function CsvFailed({
  error,
  onReopen,
  choose,
}: {
  error: ApiError;
  /** Back to how it is read. */
  onReopen: (() => void) | null;
  choose: () => void;
}) {
  const { line } = error.fields;
  const words = errorWords(error.code);
  return (
    <ErrorNote
      error={error}
      words={line === undefined ? words : `${t('import.csvLine', { line })} ${words}`}
    >
      <div class={css.actions}>
        <Button icon="upload" onClick={choose}>
          {t('csvOutcome.choose')}
        </Button>
        {onReopen && <Button onClick={onReopen}>{t('csvStaging.reopen')}</Button>}
      </div>
    </ErrorNote>
  );
}
