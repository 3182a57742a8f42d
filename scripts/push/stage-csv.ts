/** The CSV's way: uploaded, read as the console knows how, staged in parts. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { type ConsoleApi, Refusal, Unreachable } from './console-api.ts';

/** How the console would read the file, and what it cannot tell by itself. */
const detected = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  headerLine: z.number(),
  dateOrder: z.string(),
  decimal: z.string(),
  fields: z.array(z.string().nullable()),
  questions: z.array(z.string()).default([]),
});
const importView = z.object({
  import: z.object({
    id: z.string(),
    publishId: z.string().nullish(),
    rows: z.number().default(0),
    skipped: z.number().default(0),
    blank: z.number().default(0),
    detected: detected.nullish(),
    alreadyStaged: z.object({ importId: z.string(), at: z.string() }).nullish(),
  }),
});
const problem = z.object({ code: z.string(), severity: z.string(), line: z.number().nullish() });
const staged = z.object({
  done: z.literal(true),
  publishId: z.string(),
  import: z.object({
    id: z.string(),
    rows: z.number(),
    items: z.number(),
    skipped: z.number(),
    blank: z.number().default(0),
    problems: z.array(problem).default([]),
  }),
});
const line = z.union([
  staged,
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      fields: z.record(z.string(), z.string()).nullish(),
    }),
  }),
  z.object({ position: z.number(), size: z.number(), rows: z.number() }),
]);

export type Staged = z.infer<typeof staged>;
/** The file as it was uploaded; `reading` is null when the console does not know how to read it. */
export type Uploaded = {
  importId: string;
  reading: object | null;
  questions: string[];
  /** The same bytes were staged before, and where. */
  before: { importId: string; at: string } | null;
};
export type Progress = (position: number, size: number, rows: number) => void;

const STAGING_ATTEMPTS = 5;
const CSV_MAX_BYTES = 20_000_000;

/** Uploads the CSV to be kept: into a publish that is there, or for a new one. Throws as `ask`. */
export async function uploadCsv(
  api: ConsoleApi,
  path: string,
  publishId?: string,
): Promise<Uploaded> {
  const { size } = await stat(path);
  if (size > CSV_MAX_BYTES) {
    throw new Refusal('too_large', `${basename(path)} is larger than 20 MB`);
  }
  const query = new URLSearchParams({ name: basename(path).normalize('NFC') });
  if (publishId !== undefined) query.set('publish', publishId);
  const body = Uint8Array.from(await readFile(path));
  const answer = await api.ask('POST', `imports?${query}`, importView, { type: 'text/csv', body });
  const { id, detected: seen, alreadyStaged } = answer.import;
  const { questions, ...reading } = seen ?? { questions: ['columns'] };
  return {
    importId: id,
    reading: seen && questions.length === 0 ? reading : null,
    questions,
    before: alreadyStaged ?? null,
  };
}

export type ReadRows = { rows: number; skipped: number; blank: number };

/** Where an import went, and how many rows it had. */
export async function readImport(
  api: ConsoleApi,
  importId: string,
): Promise<ReadRows & { publishId: string | null }> {
  const answer = await api.ask('GET', `imports/${importId}`, importView);
  const { publishId, rows, skipped, blank } = answer.import;
  return { publishId: publishId ?? null, rows, skipped, blank };
}

/**
 * Stages what was uploaded. An answer that breaks off is asked for again: the console begins anew,
 * and nothing doubles. Throws a Refusal or an Unreachable.
 */
export async function stageCsv(
  api: ConsoleApi,
  importId: string,
  reading: object,
  progress: Progress,
): Promise<Staged> {
  const body = JSON.stringify({ reading });
  for (let attempt = 0; attempt < STAGING_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await api.pauseBefore(attempt);
    try {
      const path = `imports/${importId}/staging`;
      for await (const told of api.lines(path, { type: 'application/json', body })) {
        const said = line.parse(told);
        if ('done' in said) return said;
        if ('error' in said) {
          const { code, message, fields } = said.error;
          throw new Refusal(code, message, fields ?? {});
        }
        progress(said.position, said.size, said.rows);
      }
    } catch (error) {
      if (error instanceof Refusal || error instanceof Unreachable) throw error;
      if (error instanceof z.ZodError) throw new Unreachable('the staging is told in other words');
    }
  }
  throw new Unreachable('the staging broke off, however often it was begun');
}
