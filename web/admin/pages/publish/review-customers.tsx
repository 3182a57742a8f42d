import { useRef, useState } from 'preact/hooks';
import type { CustomerShow } from '../../../../worker/vocabulary.ts';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS } from '../../../../worker/vocabulary.ts';
import { formatNumber } from '../../../lib/format.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Pager } from '../../../ui/pager.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { Review, ReviewCustomer, ReviewMove } from '../../types.ts';
import { joined, kindWords, t } from '../../words.ts';
import { customerName } from './customer-name.ts';
import { CustomerSearch } from './customer-search.tsx';
import { ExposureDialog } from './exposure-dialog.tsx';
import { widenedNames } from './outgoing.ts';
import css from './review.module.css';
import { useFocusKept } from './use-focus-kept.ts';
import type { ReviewFilter } from './use-review.ts';
import { useReviewCustomers } from './use-review-customers.ts';

const SEARCHED_FROM = 5;

/** Who gets what, and what each will be shown of it. */
export function ReviewCustomers({
  review,
  filter,
  isBusy,
  onTickRecipients,
  onLeave,
  onExposed,
}: {
  review: Review;
  filter: ReviewFilter;
  isBusy: boolean;
  onTickRecipients: (customer: ReviewCustomer) => void;
  onLeave: (customer: ReviewCustomer, excluded: boolean) => void;
  /** What a customer sees was changed. */
  onExposed: (move: ReviewMove | null) => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const [wanted, setWanted] = useState<{ q: string; show: CustomerShow }>({ q: '', show: 'all' });
  const table = useRef<HTMLDivElement>(null);
  const [exposing, setExposing] = useState<ReviewCustomer | null>(null);
  const list = useReviewCustomers(review, wanted.q, wanted.show);
  useFocusKept(table, 'tbody tr', 'customers', list.rows);
  // A few are seen at a glance.
  const isLong = review.customerCount >= SEARCHED_FROM;
  const listing = (customer: ReviewCustomer) =>
    `${withQuery(paths.publish(review.publish.id), { ...filter, show: filter.show === 'all' ? '' : filter.show, customer: customer.key })}#items`;
  const columns: Column<ReviewCustomer>[] = [
    {
      id: 'name',
      label: t('review.customer'),
      main: true,
      cell: (customer) => (
        <span class={css.customer}>
          {customer.key ? (
            <a href={listing(customer)}>{customerName(customer)}</a>
          ) : (
            customerName(customer)
          )}
          {customer.name && <span class={css.soft}>{customer.key}</span>}
          {customer.isFirst && customer.key && (
            <Badge tone="news" icon="note">
              {t('reviewCustomer.first')}
            </Badge>
          )}
          {widenedNames(customer).length > 0 && (
            <Badge tone="warn" icon="warning">
              {t('reviewCustomer.widened')}
            </Badge>
          )}
          {customer.excluded && (
            <Badge tone="plain" icon="close">
              {t('reviewLeave.is')}
            </Badge>
          )}
        </span>
      ),
    },
    {
      id: 'items',
      label: t('reviewCustomer.items'),
      numeric: true,
      cell: ({ passes, items }) =>
        t('reviewCustomer.of', { passes: formatNumber(passes), items: formatNumber(items) }),
    },
    { id: 'orders', label: t('reviewCustomer.orders'), numeric: true, cell: (row) => row.orders },
    {
      id: 'documents',
      label: t('reviewCustomer.documents'),
      numeric: true,
      cell: (row) => row.documents,
    },
    {
      id: 'contacts',
      label: t('reviewCustomer.contacts'),
      numeric: true,
      cell: (row) => row.contacts,
    },
    {
      id: 'blocked',
      label: t('reviewCustomer.blocked'),
      numeric: true,
      cell: (row) => (row.blocked > 0 ? <span class={css.bad}>{row.blocked}</span> : null),
    },
    {
      id: 'sees',
      label: t('reviewCustomer.sees'),
      cell: (customer) =>
        customer.key ? <Sees customer={customer} onChange={setExposing} /> : null,
    },
    {
      id: 'tick',
      label: t('reviewCustomer.tick'),
      cell: (customer) =>
        customer.hasOpenContacts && !customer.excluded ? (
          <Button
            busy={isBusy}
            aria-label={t('reviewCustomer.tickAllOf', { name: customerName(customer) })}
            onClick={() => onTickRecipients(customer)}
          >
            {t('reviewCustomer.tickAll')}
          </Button>
        ) : null,
    },
    {
      id: 'leave',
      label: t('reviewLeave.customer'),
      cell: (customer) => (
        <Button
          busy={isBusy}
          icon={customer.excluded ? 'returned' : 'close'}
          aria-label={t(customer.excluded ? 'reviewLeave.inOne' : 'reviewLeave.outOne', {
            name: customerName(customer),
          })}
          onClick={() => onLeave(customer, !customer.excluded)}
        >
          {t(customer.excluded ? 'reviewLeave.in' : 'reviewLeave.out')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <p>{t('reviewCustomers.count', { count: review.customerCount })}</p>
      {isLong && <CustomerSearch {...wanted} onSearch={setWanted} />}
      {list.error && <ErrorNote error={list.error} retry={list.reload} />}
      {!list.rows && !list.error && <Skeleton lines={4} />}
      {list.rows?.length === 0 && <p role="status">{t('reviewCustomers.none')}</p>}
      {list.rows && list.rows.length > 0 && (
        <div ref={table} class={css.dense}>
          <Table
            caption={t('review.customersTitle')}
            columns={columns}
            rows={list.rows}
            rowKey={({ key }) => key}
          />
        </div>
      )}
      <Pager more={list.hasMore} busy={list.isLoading} added={list.added} onMore={list.more} />
      <ExposureDialog
        publishId={review.publish.id}
        customer={exposing}
        onClose={() => setExposing(null)}
        onSaved={onExposed}
      />
    </>
  );
}

/** Which kinds and fields the customer is shown; the rest stays with the supplier. */
function Sees({
  customer,
  onChange,
}: {
  customer: ReviewCustomer;
  onChange: (customer: ReviewCustomer) => void;
}) {
  const { isApprover } = useOrg();
  const { kinds, fields } = customer;
  const hiddenKinds = DOCUMENT_KINDS.filter((kind) => !kinds.includes(kind));
  const hiddenFields = EXPOSABLE_FIELDS.filter((field) => !fields.includes(field));
  const words = (shownKinds: readonly (typeof DOCUMENT_KINDS)[number][]) =>
    shownKinds.map((kind) => kindWords(kind));
  const fieldWords = (shownFields: readonly (typeof EXPOSABLE_FIELDS)[number][]) =>
    shownFields.map((field) => t(`fields.${field}`));
  const shown = [...words(kinds), ...fieldWords(fields)];
  const hidden = [...words(hiddenKinds), ...fieldWords(hiddenFields)];
  const anew = widenedNames(customer);
  return (
    <details class={css.sees}>
      <summary>
        {t('reviewCustomer.kinds', { count: kinds.length })},{' '}
        {t('reviewCustomer.fields', { count: fields.length, total: EXPOSABLE_FIELDS.length })}
      </summary>
      {anew.length > 0 && (
        <p>
          <strong>{t('reviewCustomer.widenedTo')}:</strong> {joined(anew)}
        </p>
      )}
      <p>
        <strong>{t('reviewCustomer.shown')}:</strong>{' '}
        {shown.length > 0 ? joined(shown) : t('common.none')}
      </p>
      <p>
        <strong>{t('reviewCustomer.hidden')}:</strong>{' '}
        {hidden.length > 0 ? joined(hidden) : t('common.none')}
      </p>
      {isApprover && (
        <Button
          icon="pen"
          aria-label={t('reviewExposure.openOne', { name: customerName(customer) })}
          onClick={() => onChange(customer)}
        >
          {t('reviewExposure.open')}
        </Button>
      )}
    </details>
  );
}
