import { INVOICE_FILTERS, INVOICE_KINDS } from '../../../worker/vocabulary.ts';
import { withQuery } from '../filters/days.ts';
import { FilterFields } from '../filters/filter-form.tsx';
import { Choice, ListFilters } from '../filters/list-filters.tsx';
import { tl } from '../later-words.ts';
import { type InvoicesWanted, wantedOf } from './invoices-list.ts';
import { w } from './words.ts';

/** Which invoices are wanted. */
export function InvoiceFilters({ wanted }: { wanted: InvoicesWanted }) {
  const { kind, status, from, to } = wanted;
  const isAll = withQuery('', wanted) === '';
  return (
    <ListFilters
      page="/invoices"
      wanted={wanted}
      read={wantedOf}
      write={withQuery}
      search={{ label: w('filter.search'), hint: w('filter.searchHint') }}
      more={w('filter.more')}
      isNarrowed={Boolean(kind || status || from || to)}
      clear={isAll ? null : { href: '/invoices', words: tl('documents.clear') }}
    >
      <FilterFields days={wanted}>
        <Choice
          name="kind"
          label={w('filter.kind')}
          chosen={kind ?? ''}
          options={[
            { value: '', words: w('kind.all') },
            ...INVOICE_KINDS.map((value) => ({ value, words: w(`kind.${value}`) })),
          ]}
        />
        <Choice
          name="status"
          label={w('filter.status')}
          chosen={status ?? ''}
          options={[
            { value: '', words: w('status.all') },
            ...INVOICE_FILTERS.map((value) => ({ value, words: w(`status.${value}`) })),
          ]}
        />
      </FilterFields>
    </ListFilters>
  );
}
