import { Badge } from '../../../ui/badge.tsx';
import { When } from '../../components/audit-event.tsx';
import type { IssueMessage, IssueNote } from '../../types.ts';
import { t } from '../../words.ts';
import css from './issue.module.css';

type Entry =
  | ({ kind: 'message' } & IssueMessage)
  | ({ kind: 'note' } & Pick<IssueNote, 'id' | 'authorName' | 'body' | 'createdAt'>);

/** What was said to and by the customer, and, set apart from it, what was said inside; oldest first. */
export function Conversation({
  messages,
  notes,
}: {
  messages: IssueMessage[];
  notes: IssueNote[];
}) {
  const entries: Entry[] = [
    ...messages.map((message) => ({ ...message, kind: 'message' as const })),
    ...notes.map((note) => ({ ...note, kind: 'note' as const })),
  ].sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  if (entries.length === 0) return <p class={css.soft}>{t('issue.empty')}</p>;
  return (
    <ol class={css.conversation}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <article class={lookOf(entry)}>
            <header class={css.entryHead}>
              <strong>{entry.authorName}</strong>
              {entry.kind === 'note' ? (
                <Badge tone="warn" icon="lock">
                  {t('issue.internal')}
                </Badge>
              ) : (
                <span class={css.soft}>
                  {t(entry.author === 'staff' ? 'issue.staffSaid' : 'issue.customerSaid')}
                </span>
              )}
              <span class={css.soft}>
                <When at={entry.createdAt} />
              </span>
            </header>
            <p class={css.words}>{entry.body}</p>
            {entry.kind === 'note' && <p class={css.soft}>{t('issue.internalHint')}</p>}
            {entry.kind === 'message' && entry.author === 'staff' && (
              <p class={entry.letter === 'dead' ? css.bad : css.soft}>
                {t(`issue.letters.${entry.letter ?? 'none'}`)}
              </p>
            )}
          </article>
        </li>
      ))}
    </ol>
  );
}

function lookOf(entry: Entry): string {
  const kind = entry.kind === 'note' ? 'note' : entry.author;
  return `${css.entry} ${css[kind]}`;
}
