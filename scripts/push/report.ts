/** What a push has come to: as values, as lines for a log, and as the code that a scheduler reads. */
import type { SentFiles } from './send-files.ts';

export const EXIT_CODES = {
  /** Staged, and nothing stands in its way but a person's approval. */
  staged: 0,
  usage: 1,
  /** Refused, or nobody could be reached. */
  refused: 2,
  /** The console cannot tell how to read the file: a person confirms it once. */
  question: 3,
  /** Staged, but something is blocked, or has no file. */
  blocked: 4,
} as const;
export type Outcome = keyof typeof EXIT_CODES;

export type Report = {
  outcome: Outcome;
  exitCode: number;
  org: string;
  csv: string;
  /** What staff open: the review, or the page where the file is confirmed. */
  link: string | null;
  publishId: string | null;
  importId: string | null;
  /** The same file was staged before, then; its publish, if it is still open, was gone on with. */
  stagedBefore: string | null;
  /** What a person has to confirm in the console. */
  questions: string[];
  error: { code: string; message: string; fields: Record<string, string> } | null;
  rows: { in: number; skipped: number; blank: number } | null;
  /** The review's items, by what an approval would make of them. */
  items: Record<
    'total' | 'created' | 'changed' | 'same' | 'revised' | 'conflicting' | 'blocked' | 'warnings',
    number
  > | null;
  /** How often each blocking problem was found in the CSV itself. */
  problems: Record<string, number>;
  files:
    | (SentFiles & {
        given: number;
        matched: number;
        unmatched: number;
        missing: number;
        /** The first of them, by name. */
        unmatchedNames: string[];
        missingDocuments: { key: string; fileName: string | null }[];
      })
    | null;
};

/** What each question asks, for whoever reads the log. */
const QUESTIONS: Record<string, string> = {
  encoding: 'in which encoding its text is written',
  dates: 'whether its dates name the day or the month first',
  decimals: 'whether its amounts have a decimal comma or a decimal point',
  columns: 'which of its columns is which field',
};

const NAMED = 20;

/** The report in lines, the most important first. */
export function linesOf(report: Report): string[] {
  const { rows, items, files, error } = report;
  return [
    headline(report),
    ...(error ? [`  ${error.code}: ${error.message}`] : []),
    ...Object.entries(error?.fields ?? {}).map(([field, why]) => `    ${field}: ${why}`),
    ...report.questions.map((question) => `  To confirm: ${QUESTIONS[question] ?? question}.`),
    ...(report.stagedBefore ? [`  The same file was staged on ${report.stagedBefore}.`] : []),
    ...(rows ? [`  Rows     ${rows.in} in, ${rows.skipped} skipped, ${rows.blank} blank`] : []),
    ...(items
      ? [
          `  Items    ${items.total}: ${items.created} created, ${items.changed} changed, ` +
            `${items.same} same, ${items.revised} revised, ${items.conflicting} conflicting`,
          `  Blocked  ${items.blocked}, with warnings ${items.warnings}`,
        ]
      : []),
    ...Object.entries(report.problems).map(([code, times]) => `    ${code}: ${times}`),
    ...(files ? filesLines(files) : []),
    ...(report.link
      ? [`  ${report.outcome === 'question' ? 'Confirm' : 'Review'}   ${report.link}`]
      : []),
  ];
}

function headline({ outcome, csv, org, publishId }: Report): string {
  switch (outcome) {
    case 'staged':
      return `${csv} is staged for ${org}. A person approves it.`;
    case 'blocked':
      return `${csv} is staged for ${org}, and not all of it can pass.`;
    case 'question':
      return `${csv} is not staged for ${org}: a person has to confirm once how it is read.`;
    case 'refused':
      return publishId === null
        ? `${csv} is not staged for ${org}.`
        : `${csv} is staged for ${org}, but not all of its files are there. Push again.`;
    case 'usage':
      return `${csv} is not pushed.`;
  }
}

function filesLines(files: NonNullable<Report['files']>): string[] {
  const { uploaded, skipped, failed, unmatched, missing } = files;
  const shown = <T>(first: readonly T[], of: number, line: (one: T) => string) => [
    ...first.slice(0, NAMED).map((one) => `    ${line(one)}`),
    ...(of > NAMED ? [`    and ${of - NAMED} more`] : []),
  ];
  return [
    `  Files    ${files.given}: ${uploaded} uploaded, ${skipped} skipped (there already), ${failed.length} failed`,
    ...shown(failed, failed.length, ({ name, reason }) => `${name}: ${reason}`),
    ...(unmatched > 0 ? [`  Of no row: ${unmatched} files`] : []),
    ...shown(files.unmatchedNames, unmatched, (name) => name),
    ...(missing > 0 ? [`  Without a file: ${missing} documents`] : []),
    ...shown(files.missingDocuments, missing, ({ key, fileName }) =>
      fileName === null ? key : `${key} (${fileName})`,
    ),
  ];
}
