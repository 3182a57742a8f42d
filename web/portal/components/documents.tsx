import type { DocumentKind } from '../../../worker/vocabulary.ts';
import { apiUrl } from '../../lib/api.ts';
import { formatDate, formatDay, formatSize } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { documentPath, nameOf, useViewLinks } from '../beside.ts';
import type { DocumentRow } from '../types.ts';
import css from './documents.module.css';

export const KIND_ICONS: Record<DocumentKind, IconName> = {
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
  const viewLink = useViewLinks();
  return (
    <ul class={dense ? `${css.stubs} ${css.dense}` : css.stubs}>
      {documents.map((document) => {
        const kind = t(`documentKind.${document.kind}`);
        return (
          <li key={document.id} class={css.stub}>
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
                <span class={css.size}>{fileWords(document)}</span>
              </p>
              {!dense && <ServedNote document={document} />}
            </div>
            <div class={css.actions}>
              <LinkButton icon="eye" title={t('document.view')} {...viewLink(document)}>
                {t('document.view')}
              </LinkButton>
              <DownloadLink document={document} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** Takes the document as a file. In a table (`inTable`), whose column says what it does, quietly. */
export function DownloadLink({
  document,
  inTable = false,
}: {
  document: Pick<DocumentRow, 'id' | 'kind' | 'number'>;
  inTable?: boolean;
}) {
  return (
    <LinkButton
      kind={inTable ? 'quiet' : 'primary'}
      iconOnly={inTable}
      icon="download"
      href={apiUrl(documentPath(document.id))}
      download
      title={t('document.download')}
      aria-label={t('document.downloadNamed', { name: nameOf(document) })}
    >
      {t('document.download')}
    </LinkButton>
  );
}

/** What kind of file it is, and its size where that is known before it is taken. */
export function fileWords({ fileSize }: DocumentRow): string {
  return fileSize === null ? t('document.file') : t('document.pdf', { size: formatSize(fileSize) });
}

/** Said below a document's name. */
export function ServedNote({ document }: { document: DocumentRow }) {
  const words = servedWords(document);
  return words ? <p class={css.served}>{words}</p> : null;
}

/** In what way the file is not the usual stamped one; null for those that are. */
export function servedWords({ served, kind, redrawnAt }: DocumentRow): string | null {
  if (kind === 'statement' && served === 'drawn') {
    return redrawnAt && t('served.redrawn', { date: formatDate(redrawnAt) });
  }
  switch (served) {
    case 'signed':
      return t('served.signed');
    case 'e_invoice':
      return t('served.eInvoice');
    case 'drawn':
      return kind === 'order_confirmation' ? t('served.drawn') : t('served.copy');
    default:
      return null;
  }
}
