import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CSV_MAX_BYTES } from '../../../../worker/vocabulary.ts';
import { formatSize } from '../../../lib/format.ts';
import { errorWords } from '../../../lib/i18n.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { gravest, type Verdict } from '../../problems.ts';
import {
  canRetry,
  type Failure,
  type Upload,
  type UploadState,
  type Uploads,
  wholeMegabytes,
} from '../../uploads.ts';
import { t } from '../../words.ts';
import css from './new-import.module.css';

/** How far the upload is: as a whole, what failed and why, and every file. */
export function UploadList({
  uploads,
  files,
  ignored,
  pdfMaxBytes,
  children,
}: {
  uploads: Uploads;
  files: readonly Upload[];
  ignored: number;
  pdfMaxBytes: number;
  /** What was found in those that are here. */
  children: ComponentChildren;
}) {
  const failed = files.filter(({ state }) => state === 'failed');
  const done = files.filter(({ state }) => state === 'done' || state === 'unchanged').length;
  const running = files.length - failed.length - done;
  const live = files.filter(({ state }) => state !== 'failed');
  const bytes = live.reduce((sum, { file }) => sum + file.size, 0);
  const sent = live.reduce((sum, upload) => sum + upload.sent, 0);
  const refused = useSome(failed);
  const retriable = failed.filter(canRetry);
  const unfinished = files.filter(({ state }) => state === 'waiting' || state === 'sending');
  return (
    <section class={css.uploads} aria-label={t('import.progress')}>
      {running > 0 ? (
        <Progress
          label={`${t('import.overall', { done, total: files.length })}, ${formatSize(sent)} / ${formatSize(bytes)}`}
          value={bytes === 0 ? 0 : sent / bytes}
        />
      ) : null}
      <p class={css.state} role="status">
        {stateWords(running, done, files.length)}
        {ignored > 0 && <span class={css.note}> {t('import.ignored', { count: ignored })}.</span>}
      </p>
      {unfinished.length > 0 && (
        <div>
          <Button icon="close" onClick={() => uploads.cancel(unfinished.map(({ id }) => id))}>
            {t('import.cancelAll', { count: unfinished.length })}
          </Button>
        </div>
      )}
      {failed.length > 0 && (
        <div class={css.failed} role="alert">
          <div class={css.failedHead}>
            <h2>{t('import.failed', { count: failed.length })}</h2>
            {retriable.length > 1 && (
              <Button onClick={() => uploads.retry(retriable.map(({ id }) => id))}>
                {t('import.retryAll')}
              </Button>
            )}
          </div>
          <ul class={css.failures}>
            {refused.some.map((upload) => (
              <li key={upload.id}>
                <Icon name="warning" />
                <div class={css.failure}>
                  <strong>{upload.name}</strong>
                  <p>{upload.failure && failureOf(upload.failure, upload.kind, pdfMaxBytes)}</p>
                </div>
                {canRetry(upload) && (
                  <Button
                    aria-label={t('import.retryOne', { name: upload.name })}
                    onClick={() => uploads.retry([upload.id])}
                  >
                    {t('common.retry')}
                  </Button>
                )}
                <Button icon="close" iconOnly onClick={() => uploads.dismiss(upload.id)}>
                  {t('import.dismiss', { name: upload.name })}
                </Button>
              </li>
            ))}
          </ul>
          {refused.more}
        </div>
      )}
      {children}
      <AllFiles uploads={uploads} files={files} />
    </section>
  );
}

/** Drawn at once: all rows of a large folder would be drawn anew with every step of every file. */
const SHOWN_AT_ONCE = 200;

/** The first of many, and a button for some more. */
function useSome(all: readonly Upload[]) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const count = Math.min(SHOWN_AT_ONCE, all.length - shown);
  const more = count > 0 && (
    <div>
      <Button onClick={() => setShown(shown + count)}>{t('import.showMore', { count })}</Button>
    </div>
  );
  return { some: all.slice(0, shown), more };
}

/** A long list is folded. */
const LISTED_AT_ONCE = 8;

/** Every file. While it is folded nothing of it is drawn. */
function AllFiles({ uploads, files }: { uploads: Uploads; files: readonly Upload[] }) {
  const isShort = files.length <= LISTED_AT_ONCE;
  const listed = useSome(files);
  const [isOpen, setOpen] = useState(isShort);
  useEffect(() => setOpen(isShort), [isShort]);
  return (
    <details class={css.all} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('import.list')} ({files.length})
      </summary>
      {isOpen && (
        <>
          <ul class={css.files}>
            {listed.some.map((upload) => (
              <FileRow
                key={upload.id}
                upload={upload}
                onCancel={() => uploads.cancel([upload.id])}
              />
            ))}
          </ul>
          {listed.more}
        </>
      )}
    </details>
  );
}

function stateWords(running: number, done: number, total: number): string {
  if (running > 0) return t('import.running', { count: running });
  if (done === total) return t('import.finished', { count: done });
  return t('import.finishedSome', { done, total });
}

type Look = { tone: Tone; icon: IconName };
const LOOKS: Record<UploadState | 'checking' | Verdict, Look> = {
  waiting: { tone: 'plain', icon: 'clock' },
  sending: { tone: 'news', icon: 'upload' },
  checking: { tone: 'news', icon: 'search' },
  done: { tone: 'good', icon: 'check' },
  unchanged: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'warning' },
  final: { tone: 'bad', icon: 'cross' },
  decide: { tone: 'warn', icon: 'pen' },
  look: { tone: 'warn', icon: 'eye' },
};

/** One file: how far it is, then its pages, and what inspection makes of it. */
function FileRow({ upload, onCancel }: { upload: Upload; onCancel: () => void }) {
  const { name, file, state, sent, inspected } = upload;
  // All of it has left: what is awaited is the inspection.
  const isChecked = state === 'sending' && sent >= file.size;
  const look = (inspected && gravest(inspected.findings)) ?? (isChecked ? 'checking' : state);
  return (
    <li class={css.file}>
      <span class={css.fileName}>
        {name}
        {inspected && inspected.served !== 'stampable' && (
          <span class={css.served}>{t(`fileServed.${inspected.served}`)}</span>
        )}
      </span>
      <span class={css.note}>
        {inspected && inspected.pages > 0 && <>{t('file.pages', { count: inspected.pages })}, </>}
        {formatSize(file.size)}
      </span>
      {state === 'sending' && !isChecked && (
        <progress aria-label={name} max={1} value={file.size === 0 ? 0 : sent / file.size} />
      )}
      <Badge {...LOOKS[look]}>{t(`importStates.${look}`)}</Badge>
      {(state === 'waiting' || state === 'sending') && (
        <Button icon="close" iconOnly onClick={onCancel}>
          {t('import.cancelOne', { name })}
        </Button>
      )}
    </li>
  );
}

function failureOf(failure: Failure, kind: Upload['kind'], pdfMaxBytes: number): string {
  const max = formatSize(wholeMegabytes(kind === 'pdf' ? pdfMaxBytes : CSV_MAX_BYTES));
  if (failure.from === 'here') return t(`importRefusals.${failure.code}`, { max });
  if (failure.code === 'too_large') {
    return t(kind === 'pdf' ? 'importRefusals.tooLargePdf' : 'importRefusals.tooLargeCsv', { max });
  }
  return [
    failure.line && t('import.csvLine', { line: failure.line }),
    errorWords(failure.code),
    failure.code === 'internal' &&
      failure.requestId &&
      t('common.requestId', { id: failure.requestId }),
  ]
    .filter(Boolean)
    .join(' ');
}
