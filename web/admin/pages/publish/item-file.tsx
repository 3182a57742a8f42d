import { formatSize } from '../../../lib/format.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { useOrg } from '../../org.ts';
import { isFinal } from '../../problems.ts';
import type { ReviewItem } from '../../types.ts';
import { t } from '../../words.ts';
import css from './review.module.css';

/** A document's PDF: how long it is, and what is special about how it will go out. */
export function ItemFile({ item, publishId }: { item: ReviewItem; publishId: string }) {
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
        target="_blank"
        rel="noopener"
        data-press="file"
      >
        <Icon name="document" />
        <span>
          {name}
          <span class={css.length}>
            {pages ? <>{t('file.pages', { count: pages })}, </> : null}
            {formatSize(size)}
          </span>
          <span class="unseen">, {t('review.newTab')}</span>
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
