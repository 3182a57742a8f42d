import { send } from '../../../lib/api.ts';
import { formatSize } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Pager } from '../../../ui/pager.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { toast } from '../../../ui/toast.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { Review, ReviewItem } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { titleOf } from './item-title.ts';
import css from './review.module.css';
import type { ReviewState } from './use-review.ts';

/** PDFs that no row asks for, and documents whose PDF is not here. */
export function ReviewPairs({ review, state }: { review: Review; state: ReviewState }) {
  return (
    <Section id="pairs" title={t('review.pairs')}>
      <div class={css.pairs}>
        <Card>
          <FilesWithoutRow review={review} state={state} />
        </Card>
        <Card>
          {/* Such a row is blocked: where nothing is, there is nothing to ask for. */}
          {review.totals.blocked > 0 ? <RowsWithoutFile review={review} /> : <NoRowWithoutFile />}
        </Card>
      </div>
    </Section>
  );
}

function FilesWithoutRow({ review, state }: { review: Review; state: ReviewState }) {
  const { paths } = useOrg();
  const { isBusy, error, run } = useTask();
  const { publish, unmatchedFiles, unmatchedCount } = review;
  const remove = (name: string) =>
    run(async () => {
      await send('DELETE', paths.file(publish.id, name));
      // Nothing wanted it, so that nothing of the review moves with it.
      await state.reload();
      toast(t('review.removed', { name }));
    });
  return (
    <div class={css.pair}>
      <h3>{t('review.filesWithoutRow')}</h3>
      <p class={css.soft}>
        {t(unmatchedCount === 0 ? 'review.filesWithoutRowNone' : 'review.filesWithoutRowDo')}
      </p>
      {error && <ErrorNote error={error} />}
      <ul class={css.pairList}>
        {unmatchedFiles.map(({ name, size }) => (
          <li key={name}>
            <a class={css.file} href={paths.file(publish.id, name)} target="_blank" rel="noopener">
              <Icon name="document" />
              <span>
                {name} <span class={css.soft}>{formatSize(size)}</span>
                <span class="unseen">, {t('review.newTab')}</span>
              </span>
            </a>
            <Button icon="close" iconOnly busy={isBusy} onClick={() => remove(name)}>
              {t('review.removeFile', { name })}
            </Button>
          </li>
        ))}
        {unmatchedCount > unmatchedFiles.length && (
          <li class={css.soft}>
            {t('matching.more', { count: unmatchedCount - unmatchedFiles.length })}
          </li>
        )}
      </ul>
    </div>
  );
}

function NoRowWithoutFile() {
  return (
    <div class={css.pair}>
      <h3>{t('review.rowsWithoutFile')}</h3>
      <p class={css.soft}>{t('review.rowsWithoutFileNone')}</p>
    </div>
  );
}

/** Read by itself, so that it is whole whatever filter is on. */
function RowsWithoutFile({ review }: { review: Review }) {
  const { paths } = useOrg();
  const path = paths.api(`publishes/${review.publish.id}/review`);
  const list = useList<ReviewItem, Review>(
    // The hash is not read by the API: it makes this list as new as the review it stands in.
    (cursor) => withQuery(path, { kind: 'document', show: 'problems', of: review.hash, cursor }),
    (answer) => answer.items.filter(({ file }) => file === null),
  );
  const isNone = list.rows?.length === 0 && !list.hasMore;
  return (
    <div class={css.pair}>
      <h3>{t('review.rowsWithoutFile')}</h3>
      {list.error && <ErrorNote error={list.error} retry={list.reload} />}
      {!list.rows && !list.error && <Skeleton lines={2} />}
      {list.rows && (
        <p class={css.soft}>
          {t(isNone ? 'review.rowsWithoutFileNone' : 'review.rowsWithoutFileDo')}
        </p>
      )}
      <ul class={css.pairList}>
        {list.rows?.map((item) => (
          <li key={item.key}>
            <span>
              <strong>{titleOf(item)}</strong>{' '}
              <span class={css.soft}>
                {t('review.line', { line: String(item.line) })}
                {item.fields.file_name && <>, {item.fields.file_name}</>}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <Pager more={list.hasMore} busy={list.isLoading} added={list.added} onMore={list.more} />
    </div>
  );
}
