import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useAlerts } from '../../alerts.ts';
import { HistoryList } from '../../components/history-list.tsx';
import { IssueBadge } from '../../components/issue-badge.tsx';
import { PageHead, Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { IssuePage } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { issueKindWords, t } from '../../words.ts';
import { AssigneeForm } from './assignee-form.tsx';
import { Conversation } from './conversation.tsx';
import css from './issue.module.css';
import { NoteForm } from './note-form.tsx';
import { Photos } from './photos.tsx';
import { ReplyForm } from './reply-form.tsx';
import { StatusForm } from './status-form.tsx';

/** One report: what is wrong, what was said of it, and what to do about it. */
export function Issue({ id }: { id: string }) {
  const { paths } = useOrg();
  const alerts = useAlerts();
  const page = useResource<IssuePage>(paths.api(`issues/${encodeURIComponent(id)}`));
  const back = { href: paths.issues, name: t('nav.issues') };
  if (page.value === undefined) {
    return (
      <>
        <PageHead title={t('issues.number')} back={back} />
        {page.error ? (
          <ErrorNote error={page.error} retry={page.reload} />
        ) : (
          <Skeleton lines={10} />
        )}
      </>
    );
  }
  const { issue, messages, notes, photos, assignees, creditNotes } = page.value;
  // The count of open ones stands in the navigation.
  const changed = () => Promise.all([page.reload(), alerts.reload()]);
  return (
    <>
      <PageHead
        title={t('issue.title', { number: issue.number, kind: issueKindWords(issue.kind) })}
        back={back}
        beside={<IssueBadge status={issue.status} />}
      >
        <p>{t('issue.about', { order: issue.orderNumber, customer: issue.customer.name })}</p>
      </PageHead>
      {page.error && <ErrorNote error={page.error} retry={page.reload} />}
      <div class={css.columns}>
        <div class={css.main}>
          <Reported page={page.value} />
          {photos.length > 0 && (
            <Section id="photos" title={t('issue.photos')}>
              <Photos issueId={issue.id} photos={photos} />
            </Section>
          )}
          <Section id="conversation" title={t('issue.conversation')}>
            <Conversation messages={messages} notes={notes} />
            <ReplyForm issue={issue} onSent={changed} />
          </Section>
        </div>
        <aside class={css.side} aria-label={t('issue.manage')}>
          <StatusForm issue={issue} creditNotes={creditNotes} onChanged={changed} />
          <AssigneeForm issue={issue} assignees={assignees} onChanged={page.reload} />
          <NoteForm issueId={issue.id} onNoted={page.reload} />
        </aside>
      </div>
      <HistoryList
        // Read anew with whatever was done.
        key={[issue.changedAt, notes.length, issue.assignee?.id].join()}
        of={{ subject: `issue:${issue.id}` }}
        title={t('issue.history')}
      />
    </>
  );
}

function Reported({ page: { issue, lines } }: { page: IssuePage }) {
  const { paths, moment } = useOrg();
  const named = (number: number) => {
    const line = lines.find(({ lineNumber }) => lineNumber === number);
    const what = line && [line.itemCode, line.description].filter(Boolean).join(', ');
    return what ? t('issue.line', { number, what }) : t('issue.lineGone', { number });
  };
  return (
    <Section id="reported" title={t('issue.reported')}>
      <Card>
        <div class={css.reported}>
          <p class={css.words}>{issue.description}</p>
          <Facts
            facts={[
              {
                label: t('issue.by'),
                value: (
                  <>
                    {issue.contact.name ?? issue.contact.email},{' '}
                    <a href={paths.customer(issue.customer.id)}>{issue.customer.name}</a>
                  </>
                ),
                wide: true,
              },
              { label: t('issue.at'), value: moment(issue.createdAt), wide: true },
              {
                label: t('issue.email'),
                value: <a href={`mailto:${issue.contactEmail}`}>{issue.contactEmail}</a>,
                wide: true,
              },
              { label: t('issue.phone'), value: issue.contactPhone },
              {
                label: t('issue.order'),
                value: issue.orderId ? (
                  issue.orderNumber
                ) : (
                  <>
                    {issue.orderNumber}
                    <small class={css.soft}>{t('issue.orderGone')}</small>
                  </>
                ),
              },
              { label: t('issue.creditNote'), value: issue.creditNoteNumber },
              {
                label: t('issue.resolvedAt'),
                value: issue.resolvedAt && moment(issue.resolvedAt),
                wide: true,
              },
            ]}
          />
          <div>
            <h3 class={css.label}>{t('issue.lines')}</h3>
            {issue.lineNumbers.length === 0 ? (
              <p>{t('issue.allLines')}</p>
            ) : (
              <ul class={css.lines}>
                {issue.lineNumbers.map((number) => (
                  <li key={number}>{named(number)}</li>
                ))}
              </ul>
            )}
          </div>
        </div>
      </Card>
    </Section>
  );
}
