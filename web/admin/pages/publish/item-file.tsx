import { formatSize } from '../../../lib/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useOrg } from '../../org.ts';
import { isFinal } from '../../problems.ts';
import type { ReviewItem } from '../../types.ts';
import { t } from '../../words.ts';
import { focusViewer } from './item-beside.tsx';
import css from './review.module.css';

/** Where a file is shown beside the list, and which it is. */
export type FileBeside = { isShown: boolean; show: () => void };

/** A document's PDF: how long it is, and what is special about how it will go out. */
export function ItemFile({
  item,
  publishId,
  beside,
}: {
  item: ReviewItem;
  publishId: string;
  /** Null: it opens in a tab of its own. */
  beside: FileBeside | null;
}) {
  const { paths } = useOrg();
  const { file } = item;
  if (file === null) return <p class={css.bad}>{t('review.noFile')}</p>;
  const { name, size, pages, served, ready } = file;
  // With the customer's name on it is how a document goes out: only else is there something to say.
  const isSpecial = served === 'signed' || served === 'e_invoice' || served === 'plain';
  return (
    <div class={css.notes}>
      <a
        class={css.file}
        href={paths.file(publishId, name)}
        rel="noopener"
        data-press="file"
        {...(beside
          ? {
              ...(beside.isShown && { 'aria-current': 'true' as const }),
              onClick: (event: MouseEvent) => open(event, beside),
            }
          : { target: '_blank' })}
      >
        <Icon name="document" />
        <span>
          {name}
          <span class={css.length}>
            {pages ? <>{t('file.pages', { count: pages })}, </> : null}
            {formatSize(size)}
          </span>
          {!beside && <span class="unseen">, {t('review.newTab')}</span>}
        </span>
      </a>
      {isSpecial && (
        <p>
          <Icon name="note" /> {t(`fileServed.${served}`)}
        </p>
      )}
      {!ready && !isFinal(item) && (
        <p>
          <Icon name="clock" /> {t('file.preparing')}
        </p>
      )}
    </div>
  );
}

/** Beside the list, unless a key or the middle button asks for a tab; a key that opens it twice goes into it. */
function open(event: MouseEvent, { isShown, show }: FileBeside): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!isShown) show();
  else if (event.detail === 0) focusViewer();
}
