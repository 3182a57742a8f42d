/** The PDFs' way: hashed, named where the console has their bytes, sent where it has not. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { FoundFile } from './choose.ts';
import { type ConsoleApi, Refusal } from './console-api.ts';

export type SentFiles = {
  /** Bytes that the console did not have. */
  uploaded: number;
  /** Bytes that it had: only their name was sent, or not even that. */
  skipped: number;
  failed: { name: string; reason: string }[];
};

const AT_ONCE = 4;
/** The most that any org takes; what is larger is not even read. */
const PDF_MAX_BYTES = 25_000_000;
const PDF = 'application/pdf';
const NOTHING = new Uint8Array(0);

const listed = z.object({ files: z.array(z.object({ name: z.string(), sha256: z.string() })) });
const named = z.looseObject({ unchanged: z.boolean() });

/** Refusals of one file; any other is of the whole push. */
const OF_ONE_FILE = new Set(['not_a_pdf', 'too_large', 'invalid', 'conflict', 'internal']);

/**
 * Sends files into a publish, four at a time; each worker holds one file. A file that cannot be read or
 * is refused does not stop the others. Throws what stops them all: a Refusal (the publish is decided,
 * the token is not let in) or an Unreachable.
 */
export async function sendFiles(
  api: ConsoleApi,
  publishId: string,
  files: readonly FoundFile[],
  progress: (done: number, of: number) => void,
): Promise<SentFiles> {
  const sent: SentFiles = { uploaded: 0, skipped: 0, failed: [] };
  if (files.length === 0) return sent;
  const there = await api.ask('GET', `publishes/${publishId}/files`, listed);
  const known = new Map(there.files.map(({ name, sha256 }) => [name.toLowerCase(), sha256]));
  const waiting = files.values();
  let done = 0;
  let stopped = false;
  const work = async () => {
    for (const file of waiting) {
      if (stopped) return;
      try {
        const outcome = await sendFile(api, publishId, file, known.get(file.name.toLowerCase()));
        if (outcome === 'uploaded' || outcome === 'skipped') sent[outcome] += 1;
        else sent.failed.push({ name: file.name, reason: outcome.reason });
      } catch (error) {
        stopped = true;
        throw error;
      }
      done += 1;
      progress(done, files.length);
    }
  };
  // All of them have ended, whatever ended one: nothing is sent behind the report.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
  return sent;
}

async function sendFile(
  api: ConsoleApi,
  publishId: string,
  { path, name }: FoundFile,
  there: string | undefined,
): Promise<'uploaded' | 'skipped' | { reason: string }> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const { size } = await stat(path);
    if (size > PDF_MAX_BYTES) return { reason: 'larger than 25 MB' };
    bytes = new Uint8Array(await readFile(path));
  } catch (error) {
    // Node's own error, whose code says why.
    return { reason: `cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (there === sha256) return 'skipped';
  const put = `publishes/${publishId}/files/${encodeURIComponent(name)}?sha256=${sha256}`;
  try {
    const isKnown = await api
      .ask('PUT', put, named, { type: PDF, body: NOTHING })
      .then(() => true)
      .catch((error: unknown) => {
        if (error instanceof Refusal && error.code === 'file_unknown') return false;
        throw error;
      });
    if (isKnown) return 'skipped';
    await api.ask('PUT', put, named, { type: PDF, body: bytes });
    return 'uploaded';
  } catch (error) {
    if (!(error instanceof Refusal) || !OF_ONE_FILE.has(error.code)) throw error;
    return { reason: [error.code, ...Object.values(error.fields)].join(': ') };
  }
}
