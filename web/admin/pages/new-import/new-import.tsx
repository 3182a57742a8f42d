import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { PDF_MAX_BYTES } from '../../../../worker/vocabulary.ts';
import { formatDay } from '../../../lib/format.ts';
import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Field } from '../../../ui/field.tsx';
import { MAIN_ID } from '../../../ui/header.tsx';
import { PageHead } from '../../components/page-head.tsx';
import type { Paths } from '../../imports.ts';
import { useOrg } from '../../org.ts';
import type { PublishRow, Review, Settings } from '../../types.ts';
import type { Upload } from '../../uploads.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { CsvImport, ResumedCsv } from './csv-import.tsx';
import type { CsvState } from './csv-state.ts';
import type { CsvTerms } from './csv-terms.ts';
import { DropZone } from './drop-zone.tsx';
import { ImportSummary } from './import-summary.tsx';
import { MatchingCard } from './matching-card.tsx';
import css from './new-import.module.css';
import { UploadFindings } from './upload-findings.tsx';
import { UploadList } from './upload-list.tsx';
import { useMatching } from './use-matching.ts';
import { useUploadQueue } from './use-upload-queue.ts';

/** As settings, file managers and limits count it. */
const MEGABYTE_BYTES = 1_000_000;

/**
 * A CSV and its PDFs, dropped in any order: the PDFs leave at once, the CSV is staged when it is
 * confirmed how it is read. The ids of the publish and of the CSVs go into the address, so that a
 * reload goes on where it was.
 */
export function NewImport() {
  const { paths, org } = useOrg();
  const { query, route } = useLocation();
  const publishId = query.publish ?? null;
  const [resumed, setResumed] = useState(() => (query.imports ?? '').split(',').filter(Boolean));
  const [name, setName] = useState(() =>
    t('import.nameDefault', { date: formatDay(today(org.timeZone)) }),
  );
  const choose = useRef<() => void>(() => {});

  const settings = useResource<Settings>(paths.api('settings'));
  const pdfMaxBytes = settings.value
    ? settings.value.fileMaxMegabytes * MEGABYTE_BYTES
    : PDF_MAX_BYTES;
  const { uploads, isStarted } = useUploadQueue({
    paths,
    publishId,
    name: name.trim() || t('import.title'),
    pdfMaxBytes,
    onMade: (id) => route(paths.addTo(id), true),
  });
  const { uploads: files, ignored } = uploads.read();
  const isSending = files.some(({ state }) => state === 'waiting' || state === 'sending');
  useCsvsInAddress(paths, publishId, resumed, files, route);

  const { steps, onStep } = useSteps();
  const isStaging = [...steps.values()].includes('staging');
  const isAsking = [...steps.values()].some((step) => step === 'reading' || step === 'broken');
  const [stagedCount, setStagedCount] = useState(0);
  useLeaveWarning(isSending || isStaging);

  // What the review will say, asked for whenever all has come to rest.
  const isAtRest = !isSending && !isStaging;
  const review = useResource<Review>(
    publishId !== null && isAtRest ? paths.api(`publishes/${publishId}/review`) : null,
  );
  const known = useRef<Review | undefined>(undefined);
  if (review.value) known.current = review.value;
  const held = publishId === null ? undefined : known.current;
  const arrived = files.filter(({ kind, inspected }) => kind === 'pdf' && inspected !== null);
  const matching = useMatching(paths, publishId, arrived.length + stagedCount, !isAtRest);

  if (held && held.publish.status !== 'staged') return <Closed publish={held.publish} />;
  const terms = (id: string, onLeave: () => void): CsvTerms => ({
    isOtherStaging: [...steps].some(([other, step]) => other !== id && step === 'staging'),
    onStep,
    onStaged: () => {
      setStagedCount((count) => count + 1);
      void review.reload();
    },
    onLeave: () => {
      onLeave();
      // Its button goes with it; the focus begins where the page does.
      document.getElementById(MAIN_ID)?.focus();
    },
    choose: () => choose.current(),
  });
  const csvs = files.filter(({ view }) => view !== null);
  return (
    <>
      <PageHead
        title={held ? t('import.titleMore', { name: held.publish.name }) : t('import.title')}
        back={
          held
            ? { href: paths.publish(held.publish.id), name: held.publish.name }
            : { href: paths.publishes, name: t('publishes.title') }
        }
      >
        <p>{t('import.intro')}</p>
      </PageHead>
      {!isStarted && <Name name={name} onName={setName} />}
      <DropZone
        onFiles={uploads.add}
        isSmall={files.length > 0 || resumed.length > 0}
        pdfMaxBytes={pdfMaxBytes}
        chooseRef={choose}
      />
      {resumed.map((id) => (
        <ResumedCsv
          key={id}
          id={id}
          terms={terms(id, () => setResumed(resumed.filter((other) => other !== id)))}
        />
      ))}
      {csvs.map(
        ({ id, view, file }) =>
          view && (
            <CsvImport
              key={view.id}
              view={view}
              file={file}
              terms={terms(view.id, () => uploads.dismiss(id))}
            />
          ),
      )}
      {files.length > 0 && (
        <UploadList uploads={uploads} files={files} ignored={ignored} pdfMaxBytes={pdfMaxBytes}>
          {publishId !== null && <UploadFindings files={files} publishId={publishId} />}
        </UploadList>
      )}
      {matching && Object.values(matching.counts).some((count) => count > 0) && (
        <MatchingCard matching={matching} />
      )}
      {isAtRest && review.error && <ErrorNote error={review.error} retry={review.reload} />}
      {held && isAtRest && !isAsking && <ImportSummary review={held} />}
    </>
  );
}

function Name({ name, onName }: { name: string; onName: (name: string) => void }) {
  return (
    <div class={css.name}>
      <Field label={t('import.name')} hint={t('import.nameHint')}>
        {(input) => (
          <input
            {...input}
            value={name}
            required
            maxLength={120}
            onInput={(event) => onName(event.currentTarget.value)}
          />
        )}
      </Field>
    </div>
  );
}

/** Somebody decided it meanwhile: nothing can be added. */
function Closed({ publish }: { publish: PublishRow }) {
  const { paths } = useOrg();
  return (
    <>
      <PageHead
        title={t('import.titleMore', { name: publish.name })}
        back={{ href: paths.publish(publish.id), name: publish.name }}
      />
      <Empty
        title={t('importClosed.title')}
        text={t('importClosed.text')}
        icon="lock"
        action={<LinkButton href={paths.newImport}>{t('publishes.new')}</LinkButton>}
      />
    </>
  );
}

/** Where each CSV of the page stands. */
function useSteps() {
  const [steps, setSteps] = useState<ReadonlyMap<string, CsvState['step']>>(new Map());
  const onStep = useCallback((id: string, step: CsvState['step'] | null) => {
    setSteps((old) => {
      const all = new Map(old);
      if (step === null) all.delete(id);
      else all.set(id, step);
      return all;
    });
  }, []);
  return { steps, onStep };
}

function useCsvsInAddress(
  paths: Paths,
  publishId: string | null,
  resumed: readonly string[],
  files: readonly Upload[],
  route: (url: string, isReplaced: boolean) => void,
): void {
  const hadSome = useRef(false);
  const ids = [...resumed, ...files.flatMap(({ view }) => (view ? [view.id] : []))].join(',');
  useEffect(() => {
    if (publishId === null || (ids === '' && !hadSome.current)) return;
    hadSome.current = true;
    route(ids === '' ? paths.addTo(publishId) : paths.resume(publishId, ids), true);
  }, [publishId, ids]);
}

/** The day where the supplier is, as YYYY-MM-DD. */
function today(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date());
}

function useLeaveWarning(isRunning: boolean): void {
  useEffect(() => {
    if (!isRunning) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isRunning]);
}
