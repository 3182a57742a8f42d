import type { ProblemCode } from '../../../worker/vocabulary.ts';
import { Icon } from '../../ui/Icon.tsx';
import type { Problem } from '../types.ts';
import { joined, t } from '../words.ts';
import css from './problem-list.module.css';

/** One item's problems: where, which cell, what is wrong and what to do about it. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul class={css.problems}>
      {problems.map((problem, at) => (
        // The same problem may stand twice: its place is its key.
        <li key={at} class={problem.severity === 'blocking' ? css.blocking : css.warning}>
          <Icon name={problem.severity === 'blocking' ? 'cross' : 'warning'} />
          <div>
            <p>
              <strong>{t(`severities.${problem.severity}`)}.</strong> <Cell problem={problem} />
              {t(`problems.${problem.code}`)}
              {problem.otherLine !== undefined && (
                <> {t('problem.otherLine', { line: String(problem.otherLine) })}</>
              )}
            </p>
            <p class={css.remedy}>{t(`remedies.${problem.code}`)}</p>
          </div>
        </li>
      ))}
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

/** A file's problems by kind: the same mistake in 300 rows is one thing to put right. */
export function ProblemDigest({ problems }: { problems: readonly Problem[] }) {
  const byCode = new Map<ProblemCode, Problem[]>();
  for (const problem of problems) {
    byCode.set(problem.code, [...(byCode.get(problem.code) ?? []), problem]);
  }
  // What blocks first, then what there is most of.
  const kinds = [...byCode.entries()].sort(
    ([, a], [, b]) => rank(b) - rank(a) || b.length - a.length,
  );
  return (
    <ul class={css.problems}>
      {kinds.map(([code, found]) => (
        <li key={code} class={found[0]?.severity === 'blocking' ? css.blocking : css.warning}>
          <Icon name={found[0]?.severity === 'blocking' ? 'cross' : 'warning'} />
          <div>
            <p>
              <strong>{t(`severities.${found[0]?.severity ?? 'warning'}`)}.</strong>{' '}
              {t(`problems.${code}`)}
            </p>
            <p class={css.remedy}>{t(`remedies.${code}`)}</p>
            <details>
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
          </div>
        </li>
      ))}
    </ul>
  );
}

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
