import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { PDF_MAX_BYTES } from '../../../../worker/vocabulary.ts';
import { send, upload as uploadFile } from '../../../lib/api.ts';
import { formatDay } from '../../../lib/format.ts';
import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/Button.tsx';
import { Empty } from '../../../ui/Empty.tsx';
import { Field } from '../../../ui/Field.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { FileResult, ImportResult, Review, Settings } from '../../types.ts';
import { createUploads, type Sent, type Upload } from '../../uploads.ts';
import { asApiError, useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { DropZone } from './drop-zone.tsx';
import { ImportSummary } from './import-summary.tsx';
import css from './new-import.module.css';
import { UploadFindings } from './upload-findings.tsx';
import { UploadList } from './upload-list.tsx';

/** As settings, file managers and limits count it. */
const MEGABYTE_BYTES = 1_000_000;

/**
 * A CSV and its PDFs, dropped in any order. The publish is made with the first file and its id goes
 * into the address, so that a reload goes on where it was.
 */
export function NewImport() {
  const { paths, org } = useOrg();
  const { query, route } = useLocation();
  const publishId = query.publish ?? null;
  const [name, setName] = useState(() =>
    t('import.nameDefault', { date: formatDay(today(org.timeZone)) }),
  );
  const wantedName = useRef(name);
  wantedName.current = name.trim() || t('import.title');
  const making = useRef<Promise<string> | null>(null);

  const settings = useResource<Settings>(paths.api('settings'));
  const pdfMaxBytes = settings.value
    ? settings.value.fileMaxMegabytes * MEGABYTE_BYTES
    : PDF_MAX_BYTES;
  const limit = useRef(pdfMaxBytes);
  limit.current = pdfMaxBytes;

  const publish = (): Promise<string> => {
    if (publishId !== null) return Promise.resolve(publishId);
    // The first files leave together: all of them wait for the one publish.
    making.current ??= send<{ id: string }>('POST', paths.api('publishes'), {
      name: wantedName.current,
    }).then(
      ({ id }) => {
        route(paths.addTo(id), true);
        return id;
      },
      (reason) => {
        making.current = null;
        throw reason;
      },
    );
    return making.current;
  };
  const publishOf = useRef(publish);
  publishOf.current = publish;

  const uploads = useMemo(
    () =>
      createUploads(
        async (upload, onSent) =>
          sendOne(upload, await publishOf.current(), paths, (part) =>
            onSent(Math.round(part * upload.file.size)),
          ),
        (thrown) => {
          const { code, fields, requestId } = asApiError(thrown);
          return {
            from: 'server',
            code,
            ...(fields.line && { line: fields.line }),
            ...(requestId && { requestId }),
          };
        },
        () => limit.current,
      ),
    // The queue belongs to the page, whatever is drawn again.
    [paths.newImport],
  );
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    // Progress is told for every packet; a frame is as often as anyone can see it.
    let frame = 0;
    const unsubscribe = uploads.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw(undefined);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      unsubscribe();
    };
  }, [uploads]);

  const { uploads: files, ignored } = uploads.read();
  const isRunning = files.some(({ state }) => state === 'waiting' || state === 'sending');
  useLeaveWarning(isRunning);

  // What the review will say, asked for whenever the queue has come to rest.
  const review = useResource<Review>(
    publishId !== null && !isRunning ? paths.api(`publishes/${publishId}/review`) : null,
  );
  const known = useRef<Review | undefined>(undefined);
  if (review.value) known.current = review.value;
  const held = publishId === null ? undefined : known.current;
  const isStarted = publishId !== null || making.current !== null;
  if (held && held.publish.status !== 'staged') {
    return (
      <>
        <PageHead
          title={t('import.titleMore', { name: held.publish.name })}
          back={{ href: paths.publish(held.publish.id), name: held.publish.name }}
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
      {!isStarted && (
        <div class={css.name}>
          <Field label={t('import.name')} hint={t('import.nameHint')}>
            {(input) => (
              <input
                {...input}
                value={name}
                required
                maxLength={120}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
      )}
      <DropZone onFiles={uploads.add} isSmall={files.length > 0} pdfMaxBytes={pdfMaxBytes} />
      {files.length > 0 && (
        <UploadList uploads={uploads} files={files} ignored={ignored} pdfMaxBytes={pdfMaxBytes}>
          {publishId !== null && <UploadFindings files={files} publishId={publishId} />}
        </UploadList>
      )}
      <ImportSummary files={files} review={isRunning ? undefined : held} isRunning={isRunning} />
    </>
  );
}

async function sendOne(
  upload: Upload,
  publishId: string,
  paths: ReturnType<typeof useOrg>['paths'],
  onProgress: (part: number) => void,
): Promise<Sent> {
  const { file, name } = upload;
  if (upload.kind === 'csv') {
    const search = new URLSearchParams({ name, publish: publishId });
    const path = `${paths.api('imports')}?${search}`;
    const options = { contentType: 'text/csv', onProgress };
    const { import: imported } = await uploadFile<ImportResult>('POST', path, file, options);
    return { imported };
  }
  const options = { contentType: 'application/pdf', onProgress };
  const answer = await uploadFile<FileResult>('PUT', paths.file(publishId, name), file, options);
  const { pages, served } = answer.file;
  return {
    unchanged: answer.unchanged,
    inspected: { pages, served, findings: answer.findings },
  };
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
