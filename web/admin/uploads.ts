/** The queue behind a new import: what was chosen, what is on its way, what went wrong. */

import { CSV_MAX_BYTES, PDF_MAX_BYTES } from '../../worker/vocabulary.ts';
import type { FailureCode } from '../lib/api.ts';
import type { ImportView } from './imports.ts';
import type { FileResult } from './types.ts';

/** What needs no request to be known. */
export type LocalFailure =
  | 'wrongType'
  | 'sameName'
  | 'tooLargeCsv'
  | 'tooLargePdf'
  | 'empty'
  | 'cancelled';
export type Failure =
  | { from: 'here'; code: LocalFailure }
  | { from: 'server'; code: FailureCode; line?: string; requestId?: string };

/** A limit in bytes as the whole megabytes that surely fit: what is told must hold. */
export const wholeMegabytes = (bytes: number): number => Math.floor(bytes / 1e6) * 1e6;

export type UploadState = 'waiting' | 'sending' | 'done' | 'unchanged' | 'failed';
export type Upload = {
  id: number;
  name: string;
  kind: 'csv' | 'pdf' | 'other';
  file: File;
  state: UploadState;
  /** Bytes that have left; the answer may still be due. */
  sent: number;
  failure: Failure | null;
  /** A CSV that is here, as its beginning was read. */
  view: ImportView | null;
  /** What inspection says of a PDF that is here. */
  inspected: Inspected | null;
};
export type Inspected = Pick<FileResult['file'], 'pages' | 'served'> & Pick<FileResult, 'findings'>;
export type Sent = { view: ImportView } | { unchanged: boolean; inspected: Inspected };
export type Chosen = { file: File; path: string };

const AT_ONCE = 4;
const CANCELLED: Failure = { from: 'here', code: 'cancelled' };
/** What operating systems leave in folders; nobody meant to upload it. */
const SYSTEM_FILE = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;

/**
 * A queue that sends at most four files at once.
 *
 * @param send sends one file; `onSent` is told the bytes so far, `signal` ends it
 * @param failureOf the words' code for what `send` threw
 * @param pdfMaxBytes the org's limit, asked for at every file: it may be known only later
 */
export function createUploads(
  send: (upload: Upload, onSent: (bytes: number) => void, signal: AbortSignal) => Promise<Sent>,
  failureOf: (thrown: unknown) => Failure,
  pdfMaxBytes: () => number = () => PDF_MAX_BYTES,
) {
  // In the order they came; of each name the ids that are here, likewise.
  const uploads = new Map<number, Upload>();
  const idsByName = new Map<string, number[]>();
  /** The uploads as they were last read; null when something changed since. */
  let listed: readonly Upload[] | null = null;
  let ignored = 0;
  let nextId = 1;
  let running = 0;
  const listeners = new Set<() => void>();
  const onTheWay = new Map<number, AbortController>();

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const put = (upload: Upload) => {
    uploads.set(upload.id, upload);
    listed = null;
  };
  const append = (upload: Upload) => {
    const ids = idsByName.get(keyOf(upload.name));
    if (ids) ids.push(upload.id);
    else idsByName.set(keyOf(upload.name), [upload.id]);
    put(upload);
  };
  const remove = ({ id, name }: Upload) => {
    const others = idsByName.get(keyOf(name))?.filter((other) => other !== id) ?? [];
    if (others.length > 0) idsByName.set(keyOf(name), others);
    else idsByName.delete(keyOf(name));
    uploads.delete(id);
    listed = null;
  };
  const ofIds = (ids: readonly number[]) => ids.flatMap((id) => uploads.get(id) ?? []);
  const change = (id: number, with_: Partial<Upload>) => {
    const upload = uploads.get(id);
    if (upload) put({ ...upload, ...with_ });
    tell();
  };

  const work = async (upload: Upload): Promise<void> => {
    running++;
    const ending = new AbortController();
    onTheWay.set(upload.id, ending);
    change(upload.id, { state: 'sending', sent: 0, failure: null, inspected: null });
    try {
      const onSent = (bytes: number) => change(upload.id, { sent: bytes });
      const sent = await send(upload, onSent, ending.signal);
      const size = upload.file.size;
      if ('view' in sent) {
        change(upload.id, { state: 'done', sent: size, view: sent.view });
      } else {
        const { unchanged, inspected } = sent;
        change(upload.id, { state: unchanged ? 'unchanged' : 'done', sent: size, inspected });
      }
    } catch (thrown) {
      const failure = ending.signal.aborted ? CANCELLED : failureOf(thrown);
      change(upload.id, { state: 'failed', sent: 0, failure });
    } finally {
      onTheWay.delete(upload.id);
      running--;
      pump();
    }
  };

  const pump = () => {
    while (running < AT_ONCE) {
      // The CSV first: it is small, and what is wrong with it is the first thing to know.
      let next: Upload | undefined;
      for (const upload of uploads.values()) {
        if (upload.state !== 'waiting') continue;
        next ??= upload;
        if (upload.kind !== 'csv') continue;
        next = upload;
        break;
      }
      if (next === undefined) return;
      void work(next);
    }
  };

  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    read() {
      listed ??= [...uploads.values()];
      return { uploads: listed, ignored };
    },
    /** Queues files. A later file of a name that is here replaces it: that is how one corrects. */
    add(chosen: readonly Chosen[]) {
      const names = new Set<string>();
      for (const { file, path } of chosen) {
        const name = file.name.normalize('NFC');
        if (SYSTEM_FILE.test(name) || /(^|\/)(__MACOSX|\.[^/]+)\//.test(path)) {
          ignored++;
          continue;
        }
        const key = keyOf(name);
        const known = ofIds(idsByName.get(key)?.slice(0, 1) ?? [])[0];
        const isTaken = names.has(key) || known?.state === 'sending';
        if (!isTaken && known) remove(known);
        const refusal = refusalOf(file, name, isTaken, pdfMaxBytes());
        append(entry(nextId++, file, name, refusal));
        names.add(key);
      }
      tell();
      pump();
    },
    retry(ids: readonly number[]) {
      for (const upload of ofIds(ids)) {
        if (canRetry(upload)) put({ ...upload, state: 'waiting' });
      }
      tell();
      pump();
    },
    /** Stops what waits or is on its way; it can be tried again. What has arrived stays. */
    cancel(ids: readonly number[]) {
      for (const upload of ofIds(ids)) {
        if (upload.state === 'waiting') put({ ...upload, state: 'failed', failure: CANCELLED });
      }
      for (const id of ids) onTheWay.get(id)?.abort();
      tell();
    },
    dismiss(id: number) {
      const upload = uploads.get(id);
      if (upload && upload.state !== 'sending') remove(upload);
      tell();
    },
  };
}
export type Uploads = ReturnType<typeof createUploads>;

/** What is wrong with the bytes themselves stays wrong however often they are sent. */
const FINAL: readonly FailureCode[] = [
  'csv_binary',
  'csv_empty',
  'csv_no_header',
  'csv_not_utf8',
  'csv_unclosed_quote',
  'invalid',
  'not_a_pdf',
  'publish_not_staged',
  'too_large',
  'too_many_rows',
  'unsupported_type',
];

/** Whether sending the same bytes again can end differently. */
export function canRetry({ state, failure }: Upload): boolean {
  if (state !== 'failed' || failure === null) return false;
  return failure.from === 'server' ? !FINAL.includes(failure.code) : failure.code === 'cancelled';
}

/** Names that differ in case only are one. */
const keyOf = (name: string) => name.toLowerCase();

function entry(id: number, file: File, name: string, failure: Failure | null): Upload {
  const state = failure === null ? 'waiting' : 'failed';
  return {
    id,
    name,
    kind: kindOf(name),
    file,
    state,
    sent: 0,
    failure,
    view: null,
    inspected: null,
  };
}

function kindOf(name: string): Upload['kind'] {
  if (/\.pdf$/i.test(name)) return 'pdf';
  return /\.(csv|tsv|txt)$/i.test(name) ? 'csv' : 'other';
}

function refusalOf(
  file: File,
  name: string,
  isTaken: boolean,
  pdfMaxBytes: number,
): Failure | null {
  const refuse = (code: LocalFailure): Failure => ({ from: 'here', code });
  const kind = kindOf(name);
  if (kind === 'other') return refuse('wrongType');
  if (isTaken) return refuse('sameName');
  if (file.size === 0) return refuse('empty');
  if (kind === 'csv' && file.size > CSV_MAX_BYTES) return refuse('tooLargeCsv');
  if (kind === 'pdf' && file.size > pdfMaxBytes) return refuse('tooLargePdf');
  return null;
}

/** The files of a drop, folders opened. Reads the transfer at once: it is empty after the event. */
export async function filesOfDrop(transfer: DataTransfer): Promise<Chosen[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((found) => found === null)) {
    return [...transfer.files].map((file) => ({ file, path: file.name }));
  }
  const lists = await Promise.all(entries.map((found) => (found ? filesIn(found) : [])));
  return lists.flat();
}

async function filesIn(found: FileSystemEntry): Promise<Chosen[]> {
  if (found.isFile) {
    // Sound: the entry says so itself; the DOM's types do not narrow on it.
    const fileEntry = found as FileSystemFileEntry;
    const file = await new Promise<File>((resolve, reject) => fileEntry.file(resolve, reject));
    return [{ file, path: found.fullPath }];
  }
  // Sound, as above: what is not a file is a directory.
  const reader = (found as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // A reader gives at most 100 entries at a time, and none when it is through.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(filesIn))).flat();
}
