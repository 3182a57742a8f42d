import { useState } from 'preact/hooks';
import { DOCUMENT_KINDS } from '../../../../worker/vocabulary.ts';
import { formatNumber } from '../../../lib/format.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { seenWords } from '../../components/taking-words.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { PublishedPart, PublishRow } from '../../types.ts';
import { joined, kindWords, t } from '../../words.ts';
import css from './outcome.module.css';
import { PartDocuments } from './part-documents.tsx';
import type { Withdrawn } from './withdraw-dialog.tsx';

/** A customer's part of a publish: what it was, who was told, who looked, and its documents. */
export function Part({
  publish,
  part,
  onAsk,
}: {
  publish: PublishRow;
  part: PublishedPart;
  /** Null where nothing can be taken back, or not by this person. */
  onAsk: ((asked: Withdrawn) => void) | null;
}) {
  const { paths, moment } = useOrg();
  const { key, name, documents, orders, recipients, letters, seen } = part;
  const isWithdrawn = publish.status === 'withdrawn' || part.withdrawn === part.items;
  const kinds = DOCUMENT_KINDS.filter((kind) => documents[kind] !== undefined);
  return (
    <article class={css.part}>
      <header>
        <h3>
          {part.id === null ? name : <a href={paths.customer(part.id)}>{name}</a>}{' '}
          <span class={css.soft}>{key}</span>
        </h3>
        {isWithdrawn ? (
          <Badge icon="cross">{t('outcome.partWithdrawn')}</Badge>
        ) : (
          part.withdrawn > 0 && (
            <Badge tone="warn" icon="returned">
              {t('outcome.partlyWithdrawn')}
            </Badge>
          )
        )}
      </header>
      <Facts
        facts={[
          {
            label: t('outcome.documents'),
            wide: true,
            value: kinds
              .map((kind) => `${kindWords(kind)}: ${formatNumber(documents[kind] ?? 0)}`)
              .join(', '),
          },
          { label: t('reviewCustomer.orders'), value: orders > 0 ? formatNumber(orders) : null },
          {
            label: t('decided.recipients'),
            value: recipients > 0 ? formatNumber(recipients) : null,
          },
          {
            label: t('outcome.mailed'),
            wide: true,
            value:
              letters.length === 0
                ? t('outcome.mailedNobody')
                : joined(
                    letters.map(({ contact, state, at }) =>
                      t('outcome.letter', {
                        name: contact,
                        state: t(`letterStates.${state}`, { at: moment(at) }),
                      }),
                    ),
                  ),
          },
          { label: t('outcome.seen'), wide: true, value: seenWords(seen, moment) },
        ]}
      />
      <div class={css.actions}>
        <LinkButton
          icon="eye"
          href={withQuery(paths.exposureReport(publish.id), { customer: key })}
        >
          {t('outcome.report')}
          <span class="unseen"> {name}</span>
        </LinkButton>
        {onAsk && !isWithdrawn && (
          <Button
            kind="danger"
            aria-label={t('outcome.withdrawOne', { name })}
            onClick={() => onAsk({ what: 'customer', key, name })}
          >
            {t('outcome.withdrawPart')}
          </Button>
        )}
      </div>
      {kinds.length > 0 && <Documents publish={publish} part={part} onAsk={onAsk} />}
    </article>
  );
}

/** Read when it is opened, and anew when something of the part was taken back. */
function Documents(props: Parameters<typeof Part>[0]) {
  const { part } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class={css.documents}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {t('outcome.documents')}
        <span class="unseen"> {part.name}</span>
      </summary>
      {isOpen && <PartDocuments key={`${part.withdrawn} ${props.publish.status}`} {...props} />}
    </details>
  );
}
