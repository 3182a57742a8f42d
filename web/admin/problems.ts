/** What stands in an item's way, and who can do something about it. */
import { OVERRIDABLE_PROBLEMS, type ProblemCode } from '../../worker/vocabulary.ts';
import type { Finding, Problem, ReviewItem, ReviewProblem } from './types.ts';

/** Problems of a document's file: no line and no cell of a CSV says them. */
const OF_FILE: ReadonlySet<ProblemCode> = new Set([
  ...OVERRIDABLE_PROBLEMS,
  'file_not_inspected',
  'pdf_encrypted',
  'pdf_damaged',
  'pdf_no_pages',
  'pdf_too_many_pages',
  'pdf_too_complex',
  'stamp_failed',
  'no_text',
  'number_not_found',
  'customer_not_found',
  'total_not_found',
] as const);

export const isOfFile = (code: ProblemCode): boolean => OF_FILE.has(code);

/** A file's problems, each once: what one cell does to two items of its row is one thing to put right. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((one) => [
      [one.code, one.line, one.field, one.value, one.otherLine].join('\n'),
      one,
    ]),
  );
  return [...seen.values()];
}

/** Whether a problem holds its item back: a blocking one that nobody has answered for. */
export const isOpen = ({ severity, overridden }: ReviewProblem): boolean =>
  severity === 'blocking' && overridden !== true;

/** Whether an approver may let the item through: all that holds it back is theirs to judge. */
export function canBeOverridden({ problems }: Pick<ReviewItem, 'problems'>): boolean {
  const open = problems.filter(isOpen);
  return open.length > 0 && open.every(({ overridable }) => overridable === true);
}

/** Whether an item's file is such that it can never go out: nothing is prepared for it. */
export function isFinal({ problems }: Pick<ReviewItem, 'problems'>): boolean {
  return problems.some(
    ({ code, severity, overridable }) =>
      isOfFile(code) && severity === 'blocking' && overridable !== true,
  );
}

/** What a finding means for its file: it cannot go out, an approver decides, or it is worth a look. */
export type Verdict = 'final' | 'decide' | 'look';
export const VERDICTS = ['final', 'decide', 'look'] as const satisfies readonly Verdict[];

export function verdictOf({ code, severity }: Finding): Verdict {
  if (severity === 'warning') return 'look';
  return (OVERRIDABLE_PROBLEMS as readonly ProblemCode[]).includes(code) ? 'decide' : 'final';
}

/** The gravest of a file's findings; undefined where there is none. */
export function gravest(findings: readonly Finding[]): Verdict | undefined {
  const verdicts = findings.map(verdictOf);
  return VERDICTS.find((verdict) => verdicts.includes(verdict));
}
