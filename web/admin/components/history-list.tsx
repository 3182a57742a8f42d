import { LinkButton } from '../../ui/button.tsx';
import { useOrg, withQuery } from '../org.ts';
import type { AuditEvent, AuditList } from '../types.ts';
import { useList } from '../use-resource.ts';
import { t } from '../words.ts';
import { About, When } from './audit-event.tsx';
import { eventWords } from './event-words.ts';
import css from './history-list.module.css';
import { Listing } from './listing.tsx';
import { Section } from './page-head.tsx';

/** A few at a time: it stands below what its page is about. */
const SHOWN = '10';

/**
 * What happened to something, newest first: a section for its page.
 *
 * @param of a customer's id, or a subject as the audit names it, `document:ID`
 */
export function HistoryList({
  of,
  title = t('history.title'),
}: {
  of: { customer: string } | { subject: string };
  title?: string;
}) {
  const { paths } = useOrg();
  const list = useList<AuditEvent, AuditList>(
    (cursor) => withQuery(paths.api('audit'), { ...of, size: SHOWN, cursor }),
    (answer) => answer.events,
  );
  return (
    <Section
      id="history"
      title={title}
      actions={
        <LinkButton icon="eye" href={withQuery(paths.audit, of)}>
          {t('history.all')}
        </LinkButton>
      }
    >
      <Listing list={list} empty={<p>{t('history.empty')}</p>}>
        {(events) => (
          <ol class={css.history}>
            {events.map((event) => (
              <li key={event.id}>
                <When at={event.at} />
                <span>{eventWords(event)}</span>
                <About event={event} except={'customer' in of ? 'customer' : 'subject'} />
              </li>
            ))}
          </ol>
        )}
      </Listing>
    </Section>
  );
}
