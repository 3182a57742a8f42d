import { DOCUMENT_KINDS, FINANCIAL_DOCUMENT_KINDS } from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { type DocumentFilter, filtered, filterOf } from '../documents-list.ts';
import { FilterFields } from '../filters/filter-form.tsx';
import { Choice, ListFilters } from '../filters/list-filters.tsx';
import { laterWords } from '../later-words.ts';
import { knownVisit } from './shell.tsx';

/** Which documents are wanted. */
export function DocumentFilters({ filter }: { filter: DocumentFilter }) {
  const { kind, from, to } = filter;
  const isAll = filtered('', filter) === '';
  return (
    <ListFilters
      page="/documents"
      wanted={filter}
      read={filterOf}
      write={filtered}
      search={{ label: laterWords('documents.search'), hint: laterWords('documents.searchHint') }}
      more={laterWords('documents.filter')}
      isNarrowed={Boolean(kind || from || to)}
      clear={isAll ? null : { href: '/documents', words: laterWords('documents.clear') }}
    >
      <FilterFields days={filter}>
        <Choice
          name="kind"
          label={laterWords('documents.kind')}
          chosen={kind ?? ''}
          options={[
            { value: '', words: laterWords('documents.anyKind') },
            ...kindsShown().map((value) => ({ value, words: t(`documentKind.${value}`) })),
          ]}
        />
      </FilterFields>
    </ListFilters>
  );
}

/** A link without financials is never shown a paper that names amounts. */
function kindsShown() {
  const isPlain = knownVisit()?.link.scope === 'no_financials';
  const financial: readonly string[] = FINANCIAL_DOCUMENT_KINDS;
  return DOCUMENT_KINDS.filter((kind) => !isPlain || !financial.includes(kind));
}
