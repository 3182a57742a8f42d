import { useEffect } from 'preact/hooks';
import {
  ITEM_CHANGES,
  ITEM_KINDS,
  PROBLEM_CODES,
  REVIEW_SHOWS,
} from '../../../../worker/vocabulary.ts';
import { useLocation } from '../../../lib/router.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import { t } from '../../words.ts';
import { Decided } from './decided.tsx';
import { StagedReview } from './staged-review.tsx';
import { type ReviewFilter, useReview } from './use-review.ts';

/** A publish: its review while it is staged, else what was decided. */
export function Publish({ id }: { id: string }) {
  const { paths } = useOrg();
  const { query, url } = useLocation();
  const filter = filterOf(query);
  const state = useReview(id, filter);
  const { review, error } = state;
  const isThere = review !== null;
  useEffect(() => {
    // The router changes the address without the jump that a page load would make.
    const anchor = url.split('#')[1];
    if (isThere && anchor) document.getElementById(anchor)?.scrollIntoView();
  }, [isThere, url]);
  if (review === null) {
    return (
      <>
        <PageHead
          title={t('review.title')}
          back={{ href: paths.publishes, name: t('publishes.title') }}
        />
        {error ? <ErrorNote error={error} retry={state.reload} /> : <Skeleton lines={12} />}
      </>
    );
  }
  return review.publish.status === 'staged' ? (
    <StagedReview review={review} state={state} filter={filter} />
  ) : (
    <Decided review={review} onChanged={() => state.reload('anything')} />
  );
}

/** The filter that an address asks for; anything else in it is ignored. */
function filterOf(query: Record<string, string>): ReviewFilter {
  const among = (list: readonly string[], value = '') => (list.includes(value) ? value : '');
  const show = REVIEW_SHOWS.find((each) => each === query.show) ?? 'all';
  return {
    show,
    kind: among(ITEM_KINDS, query.kind),
    change: among(ITEM_CHANGES, query.change),
    customer: query.customer ?? '',
    problem: among(PROBLEM_CODES, query.problem),
  };
}
