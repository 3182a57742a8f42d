/** Who looked, in words. */
import type { DocumentKind } from '../../../worker/vocabulary.ts';
import type { TakingTotals } from '../types.ts';
import { kindWords, t } from '../words.ts';

/** "opened 2 times, downloaded 1 time, by 2 people. First …, last …", or that nobody did. */
export function seenWords(seen: TakingTotals, moment: (at: string) => string): string {
  const { viewed, downloaded, people, first, last } = seen;
  if (first === null || last === null) return t('outcome.seenNobody');
  return t('outcome.seenLine', {
    viewed: t('outcome.views', { count: viewed }),
    downloaded: t('outcome.downloads', { count: downloaded }),
    people: t('outcome.people', { count: people }),
    first: moment(first),
    last: moment(last),
  });
}

/** "Invoice INV-7" */
export const documentName = ({ kind, number }: { kind: DocumentKind; number: string }): string =>
  `${kindWords(kind)} ${number}`;
