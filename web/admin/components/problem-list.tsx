import { Icon } from '../../ui/icon.tsx';
import { isOfFile } from '../problems.ts';
import type { Problem, ReviewProblem } from '../types.ts';
import { joined, problemWords, t } from '../words.ts';
import css from './problem-list.module.css';

/** How a problem is seen and called; one that an approver has answered for is neither of the others. */
function standingOf({ severity, overridden }: ReviewProblem): keyof typeof ICONS {
  return overridden === true ? 'overridden' : severity;
}
/** What holds the item back first, what somebody has answered for last. */
const byStanding = (one: ReviewProblem, other: ReviewProblem) =>
  STANDINGS.indexOf(standingOf(one)) - STANDINGS.indexOf(standingOf(other));
const STANDINGS = ['blocking', 'warning', 'overridden'];
const ICONS = { blocking: 'cross', warning: 'warning', overridden: 'pen' } as const;

/** One item's problems: where, which cell, what is wrong and what to do about it. */
export function ProblemList({ problems }: { problems: readonly ReviewProblem[] }) {
  return (
    <ul class={css.problems}>
      {[...problems].sort(byStanding).map((problem, at) => {
        const standing = standingOf(problem);
        return (
          // The same problem may stand twice: its place is its key.
          <li key={at} class={css[standing]}>
            <Icon name={ICONS[standing]} />
            <div>
              <p>
                <strong>{t(`severities.${standing}`)}.</strong>{' '}
                {!isOfFile(problem.code) && <Cell problem={problem} />}
                {problemWords(problem)}
                {problem.otherLine !== undefined && (
                  <> {t('problem.otherLine', { line: String(problem.otherLine) })}</>
                )}
              </p>
              {standing !== 'overridden' && (
                <p class={css.remedy}>{t(`remedies.${problem.code}`)}</p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Cell({ problem: { line, field, value } }: { problem: Problem }) {
  const where = t('problem.line', { line: String(line) });
  if (field === undefined) return <>{where}. </>;
  const name = t(`fields.${field}`);
  return (
    <>
      {where}, {value === undefined ? name : t('problem.cell', { field: name, value })}.{' '}
    </>
  );
}

const LINES_SHOWN = 8;
const CELLS_SHOWN = 100;
/** So few are read at once. */
const CELLS_OPEN = 3;

/** A file's problems, each once (see distinctProblems), by kind: the same mistake in 300 rows is one thing to put right. */
export function ProblemDigest({ problems }: { problems: readonly Problem[] }) {
  const byCode = Map.groupBy(problems, wordsOf);
  // What blocks first, then what there is most of.
  const kinds = [...byCode.entries()].sort(
    ([, a], [, b]) => rank(b) - rank(a) || b.length - a.length,
  );
  return (
    <ul class={css.problems}>
      {kinds.map(([words, found]) => (
        <li key={words} class={found[0]?.severity === 'blocking' ? css.blocking : css.warning}>
          <Icon name={found[0]?.severity === 'blocking' ? 'cross' : 'warning'} />
          <div>
            <p>
              <strong>{t(`severities.${found[0]?.severity ?? 'warning'}`)}.</strong>{' '}
              {t(`problems.${words}`)}
            </p>
            <p class={css.remedy}>{t(`remedies.${words}`)}</p>
            {found.every(isOfRow) ? (
              <p class={css.lines}>{linesOf(found)}</p>
            ) : (
              <details open={found.length <= CELLS_OPEN}>
                <summary class={css.lines}>{linesOf(found)}</summary>
                <ul class={css.cells}>
                  {found.slice(0, CELLS_SHOWN).map((problem, at) => (
                    // The same cell may stand twice: its place is its key.
                    <li key={at}>
                      <Cell problem={problem} />
                      {problem.otherLine !== undefined &&
                        t('problem.otherLine', { line: String(problem.otherLine) })}
                    </li>
                  ))}
                  {found.length > CELLS_SHOWN && (
                    <li>
                      {t('problem.linesMore', { lines: '…', count: found.length - CELLS_SHOWN })}
                    </li>
                  )}
                </ul>
              </details>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What it is called: where a cell, and not its row, belongs to nothing, only the cell is left out. */
const wordsOf = ({ code, field }: Problem) =>
  code === 'no_key' && field !== undefined ? 'no_key_of_cell' : code;
/** Nothing is to be said of it but its line. */
const isOfRow = ({ field, otherLine }: Problem) => field === undefined && otherLine === undefined;

const rank = ([first]: Problem[]) => (first?.severity === 'blocking' ? 1 : 0);

function linesOf(problems: readonly Problem[]): string {
  const lines = [...new Set(problems.map(({ line }) => line))];
  const shown = joined(lines.slice(0, LINES_SHOWN).map(String));
  const count = lines.length - LINES_SHOWN;
  return t('problem.lines', {
    count: lines.length,
    lines:
      count > 0
        ? t('problem.linesMore', { lines: lines.slice(0, LINES_SHOWN).join(', '), count })
        : shown,
  });
}
