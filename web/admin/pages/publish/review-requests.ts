/** What a decision about a review's items asks of the API. */
import { get, send } from '../../../lib/api.ts';
import { withQuery } from '../../org.ts';
import type { Review, ReviewItem } from '../../types.ts';
import type { ItemKey, Left, Move } from './review-changes.ts';

/** What the approver has before them: the server takes an answer for that, and for nothing newer. */
const seenOf = ({ file, problems }: ReviewItem) => ({
  sha256: file?.sha256 ?? null,
  problems: problems
    .filter(({ overridable }) => overridable)
    .map(({ code, value }) => ({ code, value })),
});

/** Items asked about in one request; the API takes a thousand. */
const TICKS_AT_ONCE = 500;

/** What is ticked is what was looked at: the server ticks nothing newer. */
const looked = ({ kind, key, file, change }: ReviewItem) => ({
  kind,
  key,
  sha256: file?.sha256 ?? null,
  change,
});

const named = ({ kind, key }: ItemKey) => ({ kind, key });

async function sendMove(method: 'PUT' | 'DELETE', to: string, body?: unknown): Promise<Move> {
  return (await send<{ review: Move }>(method, to, body)).review;
}

/** @param publish the publish's path in the API */
export const reviewRequests = (publish: string) => ({
  async tick(items: readonly ReviewItem[], ticked: boolean): Promise<Move[]> {
    const moves: Move[] = [];
    for (let from = 0; from < items.length; from += TICKS_AT_ONCE) {
      const some = items.slice(from, from + TICKS_AT_ONCE).map(looked);
      moves.push(await sendMove('PUT', `${publish}/ticks`, { items: some, ticked }));
    }
    return moves;
  },

  leave: (left: Left, excluded: boolean): Promise<Move> =>
    sendMove('PUT', `${publish}/exclusions`, {
      ...left,
      ...(left.items && { items: left.items.map(named) }),
      excluded,
    }),

  /** Null takes an answer back. */
  override: (item: ReviewItem, given: ReviewItem['override']): Promise<Move> =>
    given === null
      ? sendMove('DELETE', withQuery(`${publish}/overrides`, named(item)))
      : sendMove('PUT', `${publish}/overrides`, {
          ...named(item),
          reason: given.reason,
          seen: seenOf(item),
        }),

  /** Every item behind a filter, page by page. */
  async readAll(wanted: Record<string, string>): Promise<ReviewItem[]> {
    const found: ReviewItem[] = [];
    let cursor: string | null = null;
    do {
      const page: Review = await get<Review>(withQuery(`${publish}/review`, { ...wanted, cursor }));
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  },
});
