import { INVOICE_FILTERS, INVOICE_KINDS } from '../../../worker/vocabulary.ts';
import { withQuery } from '../filters/days.ts';
import { FilterFields } from '../filters/filter-form.tsx';
import { Choice, ListFilters } from '../filters/list-filters.tsx';
import { laterWords } from '../later-words.ts';
import { type InvoicesWanted, wantedOf } from './invoices-list.ts';
import { moneyWords } from './words.ts';

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
      search={{ label: moneyWords('filter.search'), hint: moneyWords('filter.searchHint') }}
      more={moneyWords('filter.more')}
      isNarrowed={Boolean(kind || status || from || to)}
      clear={isAll ? null : { href: '/invoices', words: laterWords('documents.clear') }}
    >
      <FilterFields days={wanted}>
        <Choice
          name="kind"
          label={moneyWords('filter.kind')}
          chosen={kind ?? ''}
          options={[
            { value: '', words: moneyWords('kind.all') },
            ...INVOICE_KINDS.map((value) => ({ value, words: moneyWords(`kind.${value}`) })),
          ]}
        />
        <Choice
          name="status"
          label={moneyWords('filter.status')}
          chosen={status ?? ''}
          options={[
            { value: '', words: moneyWords('status.all') },
            ...INVOICE_FILTERS.map((value) => ({ value, words: moneyWords(`status.${value}`) })),
          ]}
        />
      </FilterFields>
    </ListFilters>
  );
}
