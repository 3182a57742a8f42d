import { DOCUMENT_KINDS, type DocumentKind } from '../../../../worker/vocabulary.ts';
import { formatSize } from '../../../lib/format.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { documentName } from '../../components/taking-words.ts';
import { useOrg } from '../../org.ts';
import type { DocumentVersion, DocumentHistory as HistoryBody } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { NotFound } from '../not-found.tsx';
import { DocumentBadge } from '../publish/part-documents.tsx';
import css from './document-history.module.css';

/** Every publish that brought a document, with its file: shown, replaced or withdrawn. */
export function DocumentHistory({ kind, number }: { kind: string; number: string }) {
  const known = DOCUMENT_KINDS.find((each) => each === kind);
  return known ? <History kind={known} number={number} /> : <NotFound />;
}

function History({ kind, number }: { kind: DocumentKind; number: string }) {
  const { paths } = useOrg();
  const { value, error, reload } = useResource<HistoryBody>(
    paths.api(`documents/${kind}/${encodeURIComponent(number)}/history`),
  );
  const latest = value?.versions[0]?.publish;
  return (
    <>
      <PageHead
        title={t('documentHistory.title', { name: documentName({ kind, number }) })}
        back={
          latest
            ? { href: paths.publish(latest.id), name: latest.name }
            : { href: paths.publishes, name: t('publishes.title') }
        }
      >
        <p>{t('documentHistory.intro')}</p>
      </PageHead>
      {error && <ErrorNote error={error} retry={reload} />}
      {!value && !error && <Skeleton lines={8} />}
      {value && (
        <ol class={css.versions}>
          {value.versions.map((version) => (
            <li key={version.publish.id}>
              <Version version={version} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Version({ version }: { version: DocumentVersion }) {
  const { paths, moment } = useOrg();
  const { publish, customer, approvedBy, approvedAt, state, withdrawal, file } = version;
  const nameOf = (name: string | null) => name ?? t('common.nobody');
  return (
    <article class={css.version}>
      <header>
        <h2>
          <a href={paths.publish(publish.id)}>{publish.name}</a>
        </h2>
        <DocumentBadge state={state} />
      </header>
      <p>{t('documentHistory.approved', { name: nameOf(approvedBy), at: moment(approvedAt) })}</p>
      {withdrawal && (
        <>
          <p>
            {t('documentHistory.withdrawn', {
              name: nameOf(withdrawal.by),
              at: moment(withdrawal.at),
            })}
          </p>
          <blockquote>{withdrawal.reason ?? t('outcome.noReason')}</blockquote>
        </>
      )}
      <Facts
        facts={[
          { label: t('documentHistory.for'), value: `${customer.name} (${customer.key})` },
          { label: t('documentHistory.file'), value: file ? file.name : t('documentHistory.none') },
          { label: t('documentHistory.size'), value: file && formatSize(file.size) },
          {
            label: t('documentHistory.hash'),
            value: file && <code>{file.sha256}</code>,
            wide: true,
          },
        ]}
      />
      {file?.readable && (
        <div>
          <LinkButton
            icon="newTab"
            href={paths.file(file.readable.publish, file.readable.name)}
            target="_blank"
          >
            {t('documentHistory.open', { name: publish.name })}
            <span class="unseen"> ({t('review.newTab')})</span>
          </LinkButton>
        </div>
      )}
    </article>
  );
}
