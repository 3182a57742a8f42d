import { formatDate } from '../../lib/format.ts';
import type { Issue } from '../types.ts';
import css from './issue-list.module.css';
import { IssueBadge } from './looks.tsx';
import { w } from './words.ts';

/** An order's reports, newest first, each as it stands. */
export function IssueList({ issues }: { issues: Issue[] }) {
  return (
    <ul class={css.list}>
      {issues.map(({ id, number, kind, status, createdAt }) => (
        <li key={id}>
          <a class={css.issue} href={`/issues/${id}`}>
            <span class={css.number}>{number}</span>
            <span class={css.about}>
              {w('list.line', { kind: w(`kind.${kind}`), date: formatDate(createdAt) })}
            </span>
            <IssueBadge status={status} />
          </a>
        </li>
      ))}
    </ul>
  );
}
