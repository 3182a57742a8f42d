import { formatDate } from '../../lib/format.ts';
import { knownVisit } from '../components/shell.tsx';
import type { Issue } from '../types.ts';
import css from './issue-list.module.css';
import { IssueBadge } from './looks.tsx';
import { issueWords } from './words.ts';

/** An order's reports, newest first, each as it stands. */
export function IssueList({ issues }: { issues: Issue[] }) {
  return (
    <ul class={css.list}>
      {issues.map(({ id, number, kind, status, createdAt, lastMessage }) => (
        <li key={id}>
          <a class={css.issue} href={`/issues/${id}`}>
            <span class={css.number}>{number}</span>
            <span class={css.about}>
              {issueWords('list.line', {
                kind: issueWords(`kind.${kind}`),
                date: formatDate(createdAt),
              })}
              {lastMessage && <span class={css.last}>{lastWords(lastMessage)}</span>}
            </span>
            <IssueBadge status={status} />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Who wrote last, and when: a report may be answered without its status having changed. */
function lastWords({ author, at }: NonNullable<Issue['lastMessage']>): string {
  const date = formatDate(at);
  return author === 'staff'
    ? issueWords('list.answered', { date, org: knownVisit()?.org.name ?? '' })
    : issueWords('list.youAnswered', { date });
}
