import { apiUrl } from '../../lib/api.ts';
import { formatDate, formatMoment } from '../../lib/format.ts';
import { currentLocale, t } from '../../lib/i18n.ts';
import { expire, type Resource } from '../../lib/resource.ts';
import { Card } from '../../ui/card.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Back } from '../components/back.tsx';
import type { Issue, IssueMessage, IssuePage, IssuePhoto } from '../types.ts';
import { AddPhotos } from './add-photos.tsx';
import { AnswerForm } from './answer-form.tsx';
import css from './issue-view.module.css';
import { IssueBadge, KIND_ICONS } from './looks.tsx';
import { issueWords } from './words.ts';

/** A report as the customer follows it. */
export function IssueView({
  value: page,
  error,
  reload,
  path,
}: Pick<Resource<IssuePage>, 'value' | 'error' | 'reload'> & { path: string }) {
  const notShown = error?.code === 'not_found' || error?.code === 'invalid';
  if (page) {
    const { orderId } = page.issue;
    const changed = () => {
      if (orderId) expire(`orders/${orderId}`);
      reload();
    };
    return <Report page={page} path={path} changed={changed} />;
  }
  if (notShown) {
    return (
      <div class={css.section}>
        <h1>{issueWords('page.notShownTitle')}</h1>
        <p>{issueWords('page.notShown')}</p>
        <Back href="/" words={issueWords('page.back')} />
      </div>
    );
  }
  return error ? <ErrorNote error={error} retry={reload} /> : <Skeleton lines={9} />;
}

function Report({ page, path, changed }: { page: IssuePage; path: string; changed: () => void }) {
  const { issue, messages, photos, org, link } = page;
  return (
    <>
      <BackFrom issue={issue} />
      <div class={css.head}>
        <h1>{issueWords('page.title', { number: issue.number })}</h1>
        <IssueBadge status={issue.status} />
      </div>
      <p class={css.meaning}>{issueWords(`meaning.${issue.status}`, { org: org.name })}</p>
      <section class={css.section} aria-labelledby="reported">
        <h2 id="reported">{issueWords('page.reported')}</h2>
        <Card>
          <Facts facts={factsOf(issue)} />
        </Card>
        {photos.length > 0 && <PhotoList path={path} photos={photos} />}
        {issue.status !== 'resolved' && !link.isPreview && (
          <AddPhotos issueId={issue.id} taken={photos.length} changed={changed} />
        )}
      </section>
      <section class={css.section} aria-labelledby="conversation">
        <h2 id="conversation">{issueWords('page.conversation')}</h2>
        {messages.length > 0 ? (
          <Messages messages={messages} org={org.name} />
        ) : (
          <p class={css.quiet}>{issueWords('page.noMessages')}</p>
        )}
        {link.isPreview ? (
          <p>{issueWords('form.preview')}</p>
        ) : (
          <AnswerForm issue={issue} changed={changed} />
        )}
      </section>
    </>
  );
}

function BackFrom({ issue }: { issue: Issue }) {
  const { orderId, orderNumber: number } = issue;
  return orderId ? (
    <Back href={`/orders/${orderId}`} words={issueWords('form.back', { number })} />
  ) : (
    <Back href="/" words={issueWords('page.back')} />
  );
}

function factsOf(issue: Issue) {
  const { orderNumber, lineNumbers } = issue;
  const list = new Intl.ListFormat(currentLocale()).format(lineNumbers.map(String));
  return [
    { label: issueWords('page.order'), value: orderNumber },
    {
      label: issueWords('page.kind'),
      value: (
        <span class={css.kind}>
          <Icon name={KIND_ICONS[issue.kind]} />
          {issueWords(`kind.${issue.kind}`)}
        </span>
      ),
    },
    {
      label: issueWords('page.items'),
      value:
        lineNumbers.length === 0
          ? issueWords('page.wholeOrder')
          : issueWords('page.lines', { count: lineNumbers.length, list }),
    },
    { label: issueWords('page.on'), value: formatDate(issue.createdAt) },
    { label: issueWords('page.creditNote'), value: issue.creditNoteNumber },
    { label: issueWords('page.email'), value: issue.contactEmail, wide: true },
    { label: issueWords('page.phone'), value: issue.contactPhone },
    {
      label: issueWords('page.description'),
      value: (
        <span class={css.text} dir="auto">
          {issue.description}
        </span>
      ),
      wide: 'row' as const,
    },
  ];
}

function PhotoList({ path, photos }: { path: string; photos: IssuePhoto[] }) {
  return (
    <ul class={css.photos}>
      {photos.map(({ id, fileName, mediaType }) => {
        const href = apiUrl(`${path}/photos/${id}`);
        // Each look is a request of the link's hour, and most browsers show no HEIC.
        const isShown = !mediaType.startsWith('image/hei');
        return (
          <li key={id}>
            <a
              class={css.photo}
              href={href}
              target="_blank"
              rel="noopener"
              aria-label={`${issueWords('photos.open', { name: fileName })}, ${t('ui.newTab')}`}
            >
              {isShown ? <img src={href} alt="" loading="lazy" /> : <Icon name="document" />}
              <span>{fileName}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Messages({ messages, org }: { messages: IssueMessage[]; org: string }) {
  return (
    <ol class={css.messages}>
      {messages.map(({ id, author, authorName, body, createdAt }) => (
        <li key={id} class={author === 'staff' ? css.theirs : css.ours}>
          <p class={css.who}>
            <strong>{authorName}</strong>
            <span>{author === 'staff' ? org : issueWords('page.you')}</span>
            <time dateTime={createdAt}>{formatMoment(createdAt)}</time>
          </p>
          <p class={css.text} dir="auto">
            {body}
          </p>
        </li>
      ))}
    </ol>
  );
}
