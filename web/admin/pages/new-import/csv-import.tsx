import { useEffect, useRef, useState } from 'preact/hooks';
import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { ImportView } from '../../imports.ts';
import { useOrg } from '../../org.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { countRows } from './count-rows.ts';
import css from './csv-import.module.css';
import { CsvOutcome } from './csv-outcome.tsx';
import type { CsvState } from './csv-state.ts';
import type { CsvTerms } from './csv-terms.ts';
import { KnownShape } from './known-shape.tsx';
import { ReadingForm } from './reading-form.tsx';
import { CsvBroken, CsvFailed, CsvStaging } from './staging.tsx';
import { type CsvImport as Import, useCsvImport } from './use-csv-import.ts';

/** One CSV, from "this is how it is read" to what became of its rows. */
export function CsvImport({
  view,
  file,
  terms,
}: {
  view: ImportView;
  /** The file itself, if it was chosen on this page. */
  file: Blob | undefined;
  terms: CsvTerms;
}) {
  const { paths } = useOrg();
  const csv = useCsvImport(view, paths, terms.onStaged);
  const { step } = csv.state;
  const title = useRef<HTMLHeadingElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { onStep } = terms;
  useEffect(() => onStep(view.id, step), [view.id, step, onStep]);
  const part = isOpen ? `${step} open` : step;
  const last = useRef(part);
  useEffect(() => {
    if (last.current === part) return;
    last.current = part;
    // The button that was pressed is gone: reading goes on where the next part begins.
    title.current?.focus({ preventScroll: true });
    title.current?.scrollIntoView({ block: 'nearest' });
  }, [part]);
  useEffect(() => () => onStep(view.id, null), [view.id, onStep]);
  const id = `csv-${view.id}`;
  return (
    <Card>
      <section class={css.csv} aria-labelledby={id}>
        <h2 id={id} ref={title} tabIndex={-1}>
          {t(`csvTitle.${step}`)} <span class={css.fileName}>{view.fileName}</span>
        </h2>
        <Step csv={csv} file={file} terms={terms} isOpen={isOpen} onOpen={() => setOpen(true)} />
      </section>
    </Card>
  );
}

function Step({
  csv,
  file,
  terms,
  isOpen,
  onOpen,
}: {
  csv: Import;
  file: Blob | undefined;
  terms: CsvTerms;
  /** A known shape is looked at all the same. */
  isOpen: boolean;
  onOpen: () => void;
}) {
  const { state } = csv;
  const rows = useRowCount(state, file);
  switch (state.step) {
    case 'reading': {
      const { profile, questions } = state.detected;
      const isKnown = profile !== null && questions.length === 0 && state.error === null;
      return isKnown && !isOpen ? (
        <KnownShape csv={csv} state={state} rows={rows} terms={terms} onOpen={onOpen} />
      ) : (
        <ReadingForm csv={csv} state={state} rows={rows} terms={terms} />
      );
    }
    case 'staging':
      return <CsvStaging size={state.view.size} progress={state.progress} />;
    case 'broken':
      return <CsvBroken progress={state.progress} error={state.error} onAgain={csv.stage} />;
    case 'failed':
      return (
        <CsvFailed
          error={state.error}
          onReopen={state.read && (() => csv.dispatch({ type: 'reopen' }))}
          choose={terms.choose}
        />
      );
    case 'staged':
      return <CsvOutcome view={state.view} outcome={state.staged?.import} choose={terms.choose} />;
  }
}

/** Rows below the header: as the API says, else as they are counted in the file at hand. */
function useRowCount(state: CsvState, file: Blob | undefined): number | null {
  const cut = state.step === 'reading' ? state.detected : null;
  const known = state.view.rows > 0 ? state.view.rows : null;
  const [counted, setCounted] = useState<{ key: string; rows: number | null } | null>(null);
  const key = cut && file && known === null ? `${cut.headerLine}${cut.delimiter}` : null;
  useEffect(() => {
    if (key === null || !cut || !file) return;
    let isLate = false;
    countRows(file, cut).then(
      (rows) => isLate || setCounted({ key, rows }),
      () => {}, // the file is gone from the disk: the button then names no number
    );
    return () => {
      isLate = true;
    };
  }, [key, file]);
  return known ?? (counted?.key === key ? counted.rows : null);
}

/** A CSV of this address that was here before the page was loaded. */
export function ResumedCsv({ id, terms }: { id: string; terms: CsvTerms }) {
  const { paths } = useOrg();
  const found = useResource<{ import: ImportView }>(paths.api(`imports/${encodeURIComponent(id)}`));
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.reload()} />;
  if (!found.value) return <Skeleton lines={4} />;
  return <CsvImport view={found.value.import} file={undefined} terms={terms} />;
}
