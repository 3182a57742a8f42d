/** One push: a CSV and its PDFs become a staged publish. It approves nothing. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { Chosen } from './choose.ts';
import { type ConsoleApi, Refusal, Unreachable } from './console-api.ts';
import { EXIT_CODES, type Outcome, type Report } from './report.ts';
import { sendFiles } from './send-files.ts';
import { type ReadRows, readImport, stageCsv, uploadCsv } from './stage-csv.ts';

export type Push = {
  api: ConsoleApi;
  /** The console's origin, for the links in the report. */
  url: string;
  org: string;
  chosen: Chosen;
  /** A staged publish to push into; a new one otherwise. */
  publishId?: string | undefined;
  /** Told in words how far it is. */
  progress: (words: string) => void;
};

const count = z.number().default(0);
const review = z.object({
  publish: z.object({ status: z.string() }),
  totals: z.object({
    items: count,
    new: count,
    changed: count,
    same: count,
    revision: count,
    conflict: count,
    blocked: count,
    warnings: count,
  }),
});
const matching = z.object({
  unmatched: z.array(z.string()),
  missing: z.array(z.object({ key: z.string(), fileName: z.string().nullable() })),
  counts: z.object({ matched: z.number(), unmatched: z.number(), missing: z.number() }),
});

/** Gives the report, whatever happened; throws only for a bug. */
export async function push(what: Push): Promise<Report> {
  const { url, org, chosen } = what;
  const report: Report = {
    outcome: 'refused',
    exitCode: EXIT_CODES.refused,
    org,
    csv: basename(chosen.csv),
    link: null,
    publishId: null,
    importId: null,
    stagedBefore: null,
    questions: [],
    error: null,
    rows: null,
    items: null,
    problems: {},
    files: null,
  };
  const outcome = await run(what, report).catch((error: unknown): Outcome => {
    const unreadable = error instanceof Error && 'syscall' in error;
    if (!(error instanceof Refusal || error instanceof Unreachable || unreadable)) throw error;
    const [code, fields] =
      error instanceof Refusal
        ? [error.code, error.fields]
        : [unreadable ? 'unreadable' : 'unreachable', {}];
    report.error = { code, message: error.message, fields };
    // How the file is read does not fit the file: whoever knows it says so in the console.
    return code === 'reading_invalid' ? 'question' : 'refused';
  });
  const page = report.publishId ?? (outcome === 'question' ? 'new' : null);
  return {
    ...report,
    outcome,
    exitCode: EXIT_CODES[outcome],
    link: page === null ? null : `${url}/admin/${org}/publishes/${page}`,
  };
}

/** Fills the report step by step, so that what is known is told though a later step fails. */
async function run(what: Push, report: Report): Promise<Outcome> {
  const { api, chosen, progress } = what;
  progress(`Uploading ${report.csv}`);
  const uploaded = await uploadCsv(api, chosen.csv, what.publishId);
  report.importId = uploaded.importId;
  report.questions = uploaded.questions;
  report.stagedBefore = uploaded.before?.at ?? null;
  const open = what.publishId === undefined ? await stillOpen(api, uploaded.before) : null;
  if (open !== null) {
    // A run that was cut off after its rows: its files are what is left to do.
    report.questions = [];
    keepRows(report, open.publishId, open);
  } else if (uploaded.reading === null) {
    return 'question';
  } else {
    const staged = await stageCsv(
      api,
      uploaded.importId,
      uploaded.reading,
      (position, size, rows) =>
        progress(`Staging ${report.csv}: ${Math.floor((position / size) * 100)} %, ${rows} rows`),
    );
    keepRows(report, staged.publishId, staged.import);
    for (const { code, severity } of staged.import.problems) {
      if (severity === 'blocking') report.problems[code] = (report.problems[code] ?? 0) + 1;
    }
  }
  const publishId = report.publishId ?? '';

  const sent = await sendFiles(api, publishId, chosen.files, (done, of) =>
    progress(`Files: ${done} of ${of}`),
  );
  const doubles = chosen.doubles.map(({ name, path }) => ({
    name,
    reason: `another file has this name already (${path})`,
  }));
  progress('Reading the review');
  const fit = await api.ask('GET', `publishes/${publishId}/matching`, matching);
  report.files = {
    given: chosen.files.length + doubles.length,
    ...sent,
    failed: [...sent.failed, ...doubles],
    ...fit.counts,
    unmatchedNames: fit.unmatched,
    missingDocuments: fit.missing,
  };
  const { totals } = await api.ask('GET', `publishes/${publishId}/review`, review);
  const { items, new: created, changed, same, revision, conflict, blocked, warnings } = totals;
  report.items = {
    ...{ total: items, created, changed, same, blocked, warnings },
    ...{ revised: revision, conflicting: conflict },
  };
  const isClean =
    blocked + fit.counts.missing + report.files.failed.length === 0 &&
    Object.keys(report.problems).length === 0;
  return isClean ? 'staged' : 'blocked';
}

/** The earlier staging of the same bytes, while nobody has decided about its publish. */
async function stillOpen(api: ConsoleApi, before: { importId: string } | null) {
  if (before === null) return null;
  const { publishId, ...rows } = await readImport(api, before.importId);
  if (publishId === null) return null;
  const { publish } = await api.ask('GET', `publishes/${publishId}/review`, review);
  return publish.status === 'staged' ? { publishId, ...rows } : null;
}

function keepRows(report: Report, publishId: string, { rows, skipped, blank }: ReadRows): void {
  report.publishId = publishId;
  report.rows = { in: rows, skipped, blank };
}
