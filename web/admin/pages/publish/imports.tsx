import { formatNumber } from '../../../lib/format.ts';
import { ProblemDigest } from '../../components/problem-list.tsx';
import { useOrg } from '../../org.ts';
import { distinctProblems } from '../../problems.ts';
import type { ReviewImport } from '../../types.ts';
import { joined, t } from '../../words.ts';
import css from './review.module.css';

/** The CSVs of a publish: what each held, and what was left out of it. */
export function Imports({ imports }: { imports: readonly ReviewImport[] }) {
  const { moment } = useOrg();
  return (
    <ul class={css.imports}>
      {imports.map((each) => (
        <li key={each.id}>
          <p>
            <strong>{each.fileName}</strong>{' '}
            <span class={css.soft}>
              {t('reviewImport.by', { name: each.importedBy, at: moment(each.createdAt) })}
            </span>
          </p>
          <p>
            {t('reviewImport.line', {
              rows: t('csvStaging.rows', { count: each.rows }),
              items: t('publishes.items', { count: each.items }),
              skipped: formatNumber(each.skipped),
            })}
          </p>
          {each.unknownColumns.length > 0 && (
            <p class={css.soft}>
              {t('reviewImport.unknown', { columns: joined(each.unknownColumns) })}
            </p>
          )}
          {each.problems.length > 0 && <ProblemDigest problems={distinctProblems(each.problems)} />}
        </li>
      ))}
    </ul>
  );
}
