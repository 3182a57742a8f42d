import { formatNumber } from '../../lib/format.ts';
import { Empty } from '../../ui/empty.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Listing } from '../components/listing.tsx';
import { PageHead } from '../components/page-head.tsx';
import { useOrg, withQuery } from '../org.ts';
import type { FeedbackList, FeedbackRow } from '../types.ts';
import { useList } from '../use-resource.ts';
import { t } from '../words.ts';

const RATINGS = ['r1', 'r2', 'r3', 'r4', 'r5'] as const;

/** "4 of 5, good"; a mean is called what is nearest to it. */
function ratingWords(rating: number): string {
  const name = RATINGS[Math.round(rating) - 1] ?? 'r3';
  const words = t(`feedback.ratings.${name}`);
  return t('feedback.ofFive', { rating: formatNumber(rating), words });
}

function meanWords({ count, mean }: FeedbackList['recent']): string {
  return mean === null
    ? t('feedback.noMean')
    : t('feedback.mean', { count, mean: ratingWords(mean) });
}

/** What customers say of their downloads and reports, newest first. */
export function FeedbackPage() {
  const { paths, moment } = useOrg();
  const list = useList<FeedbackRow, FeedbackList>(
    (cursor) => withQuery(paths.api('feedback'), { cursor }),
    (answer) => answer.feedback,
  );
  const recent = list.answer?.recent;
  const columns: Column<FeedbackRow>[] = [
    {
      id: 'rating',
      label: t('feedback.rating'),
      main: true,
      cell: (row) => ratingWords(row.rating),
    },
    { id: 'about', label: t('feedback.about'), cell: (row) => t(`feedback.abouts.${row.about}`) },
    {
      id: 'comment',
      label: t('feedback.comment'),
      cell: (row) => row.comment ?? t('feedback.noComment'),
    },
    {
      id: 'who',
      label: t('feedback.who'),
      cell: ({ contact, customer }) => (
        <>
          {contact.name ?? contact.email}, <a href={paths.customer(customer.id)}>{customer.name}</a>
        </>
      ),
    },
    { id: 'when', label: t('feedback.when'), cell: (row) => moment(row.at) },
  ];
  return (
    <>
      <PageHead title={t('feedback.title')}>
        <p>{t('feedback.intro')}</p>
        {recent && <p>{meanWords(recent)}</p>}
      </PageHead>
      <Listing
        list={list}
        empty={
          <Empty title={t('feedback.empty.title')} text={t('feedback.empty.text')} icon="note" />
        }
      >
        {(rows) => (
          <Table
            caption={t('feedback.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
          />
        )}
      </Listing>
    </>
  );
}
