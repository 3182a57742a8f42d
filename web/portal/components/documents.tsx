import type { DocumentKind } from '../../../worker/vocabulary.ts';
import { apiUrl } from '../../lib/api.ts';
import { formatDay, formatSize } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { LinkButton } from '../../ui/Button.tsx';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import type { DocumentRow } from '../types.ts';
import css from './documents.module.css';

const KIND_ICONS: Record<DocumentKind, IconName> = {
  order_confirmation: 'document',
  invoice: 'receipt',
  packing_slip: 'box',
  proof_of_delivery: 'check',
  credit_note: 'returned',
  statement: 'document',
};

/**
 * Documents as stubs to tear off: what it is, then look at it or take it. Where there is much else
 * on the page (`dense`) they are smaller, and actions that find no room for a word are a picture.
 */
export function Documents({
  documents,
  dense = false,
  withOrder = false,
}: {
  documents: DocumentRow[];
  dense?: boolean;
  /** Names the order each belongs to. */
  withOrder?: boolean;
}) {
  return (
    <ul class={dense ? `${css.stubs} ${css.dense}` : css.stubs}>
      {documents.map((document) => (
        <Stub key={document.id} document={document} withOrder={withOrder} />
      ))}
    </ul>
  );
}

function Stub({ document, withOrder }: { document: DocumentRow; withOrder: boolean }) {
  const kind = t(`documentKind.${document.kind}`);
  const name = t('document.named', { kind, number: document.number });
  const address = apiUrl(`documents/${document.id}`);
  return (
    <li class={css.stub}>
      <div class={css.what}>
        <p class={css.kind}>
          <Icon name={KIND_ICONS[document.kind]} />
          {kind}
        </p>
        <p class={css.number}>{document.number}</p>
        <p class={css.about}>
          {document.datedOn && <span>{formatDay(document.datedOn)}</span>}
          {withOrder && document.orderId && document.orderNumber && (
            <a href={`/orders/${document.orderId}`}>
              {t('document.forOrder', { number: document.orderNumber })}
            </a>
          )}
          <span class={css.size}>{t('document.pdf', { size: formatSize(document.fileSize) })}</span>
        </p>
      </div>
      <div class={css.actions}>
        <LinkButton
          icon="eye"
          href={`${address}?disposition=inline`}
          target="_blank"
          title={t('document.view')}
          rel="noopener"
          aria-label={`${t('document.viewNamed', { name })}, ${t('ui.newTab')}`}
        >
          {t('document.view')}
        </LinkButton>
        <LinkButton
          kind="primary"
          icon="download"
          href={address}
          download
          title={t('document.download')}
          aria-label={t('document.downloadNamed', { name })}
        >
          {t('document.download')}
        </LinkButton>
      </div>
    </li>
  );
}
