/** An event of the audit trail in words: who did what, to what, and the record of it. */
import { useOrg, withQuery } from '../org.ts';
import type { AuditEvent } from '../types.ts';
import { isSubjectKind, t } from '../words.ts';
import css from './audit-event.module.css';
import { actorName, doneInPreview } from './event-words.ts';

/** Who it was, as the filter says it: the person rather than their link. */
function actorFilter({ actor }: AuditEvent): string {
  if (actor.kind === 'customer' && actor.contactId) return `contact:${actor.contactId}`;
  return actor.id && actor.kind !== 'customer' ? `member:${actor.id}` : actor.kind;
}

/** What the subject is, with its name of today; null for kinds that say nothing to a person. */
export function subjectWords({
  subjectKind,
  subjectName,
}: Pick<AuditEvent, 'subjectKind' | 'subjectName'>): string | null {
  if (!isSubjectKind(subjectKind)) return null;
  return subjectName === null
    ? t(`subjects.${subjectKind}`)
    : t('audit.named', { kind: t(`subjects.${subjectKind}`), name: subjectName });
}

/** What it is about, each with a way there. A history leaves out what it is the history of. */
export function About({ event, except }: { event: AuditEvent; except?: 'customer' | 'subject' }) {
  const { paths } = useOrg();
  const { customer, subjectKind, subjectId, detail } = event;
  const { reference } = detail;
  const words = except === 'subject' ? null : subjectWords(event);
  const there =
    subjectKind === 'publish' && subjectId
      ? paths.publish(subjectId)
      : subjectKind === 'issue' && subjectId
        ? paths.issue(subjectId)
        : subjectKind === 'mail' && subjectId
          ? paths.letter(subjectId)
          : subjectId && withQuery(paths.audit, { subject: `${subjectKind}:${subjectId}` });
  return (
    <span class={css.about}>
      {customer && except !== 'customer' && (
        <a href={paths.customer(customer.id)}>{customer.name}</a>
      )}
      {words && (there ? <a href={there}>{words}</a> : <span>{words}</span>)}
      {typeof reference === 'string' && (
        <a href={paths.traceOf(reference)}>{t('audit.copy', { reference })}</a>
      )}
    </span>
  );
}

const DETAILS_SHOWN = 3;
/** An id or a hash: for a search, not for reading. */
const FINGERPRINT = /^[\da-f-]{32,}$/i;

/** All that was kept of it: the short values at once, the rest when it is opened. */
export function Detail({ event }: { event: AuditEvent }) {
  const { paths } = useOrg();
  const { detail, subjectKind, subjectId, requestId, actor } = event;
  const changes = changesIn(detail);
  const inPreview = doneInPreview(event);
  const told = Object.entries(detail)
    .filter(([name, value]) => value !== null && !changes?.said.includes(name))
    .filter(([name]) => name !== 'did' || inPreview === null); // in words, below
  const short = told
    .filter(([name]) => name !== 'reference') // it stands beside, as a link
    .filter(([, value]) => typeof value !== 'object' && !FINGERPRINT.test(String(value)))
    .slice(0, DETAILS_SHOWN);
  const summary =
    changes?.fields.join(', ') ??
    short.map(([name, value]) => `${name}: ${String(value)}`).join(', ');
  const facts: [name: string | null, value: string | null][] = [
    ...(changes?.facts ?? []),
    ...told.map(([name, value]): [string, string] => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
    [t('audit.inPreview'), inPreview && t(`actions.${inPreview}`)],
    [subjectKind, subjectId],
    [t('audit.link'), actor.last4 && `…${actor.last4}`],
    [t('audit.request'), requestId],
    [t('audit.event'), event.id],
  ];
  return (
    <details class={css.detail}>
      <summary>{summary || t('audit.detail')}</summary>
      <dl class={css.all}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <a href={withQuery(paths.audit, { actor: actorFilter(event) })}>
        {t('audit.customerOnly', { name: actorName(event) })}
      </a>
    </details>
  );
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const plain = (value: unknown) =>
  value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** The fields that an event says were changed, with what they were and became where it says so. */
function changesIn(detail: Record<string, unknown>) {
  if (!Array.isArray(detail.fields) || !('after' in detail)) return null;
  const fields = detail.fields.map(String);
  const [before, after] = [asRecord(detail.before), asRecord(detail.after)];
  const facts = fields.map((name): [string, string] => [
    name,
    name in after ? `${plain(before[name])} → ${plain(after[name])}` : '…',
  ]);
  return { said: ['fields', 'before', 'after'], fields, facts };
}

/** When it was, on the supplier's clock. */
export function When({ at }: { at: string }) {
  const { moment } = useOrg();
  return (
    <time class={css.when} dateTime={at}>
      {moment(at)}
    </time>
  );
}
