import { useEffect, useState } from 'preact/hooks';
import { CUSTOMER_FILTERS, type CustomerFilter } from '../../../../worker/vocabulary.ts';
import { useLocation } from '../../../lib/router.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Field } from '../../../ui/field.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { SearchForm } from '../../components/search-form.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { CustomerList, CustomerRow } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { useTyped } from '../../use-typed.ts';
import { t } from '../../words.ts';
import css from './customers.module.css';
import { PickBar } from './pick-bar.tsx';

const isFilter = (text: string | undefined): text is CustomerFilter =>
  (CUSTOMER_FILTERS as readonly (string | undefined)[]).includes(text);

/** Who buys: found by name or code, or by what their links need; and links for many of them at once. */
export function Customers() {
  const { paths, moment, date } = useOrg();
  const { query, route } = useLocation();
  const q = query.q ?? '';
  const filter = isFilter(query.filter) ? query.filter : undefined;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const show = (wanted: { q: string; filter: string | undefined }) =>
    route(withQuery(paths.customers, wanted), true);
  // Who is not shown is not written to.
  useEffect(() => setPicked(new Set()), [q, filter]);
  const typed = useTyped(q, (wanted) => show({ q: wanted, filter }));
  const list = useList<CustomerRow, CustomerList>(
    (cursor) => withQuery(paths.api('customers'), { q, filter, cursor }),
    (answer) => answer.customers,
  );
  const pick = (id: string, isPicked: boolean) => {
    const changed = new Set(picked);
    if (isPicked) changed.add(id);
    else changed.delete(id);
    setPicked(changed);
  };
  const columns: Column<CustomerRow>[] = [
    {
      id: 'pick',
      label: t('customers.pick'),
      aside: true,
      cell: (row) => (
        <label class={css.pick}>
          <input
            type="checkbox"
            aria-label={t('customers.pickOne', { name: row.name })}
            checked={picked.has(row.id)}
            onChange={(event) => pick(row.id, event.currentTarget.checked)}
          />
        </label>
      ),
    },
    { id: 'name', label: t('customers.name'), main: true, cell: (row) => row.name },
    {
      id: 'code',
      label: t('customers.code'),
      cell: (row) => <span class={css.whole}>{row.code}</span>,
    },
    { id: 'people', label: t('customers.people'), numeric: true, cell: (row) => row.contacts },
    { id: 'links', label: t('customers.links'), numeric: true, cell: (row) => row.activeLinks },
    {
      id: 'ends',
      label: t('customers.linkEnds'),
      cell: (row) => row.linkExpiresAt && <span class={css.whole}>{date(row.linkExpiresAt)}</span>,
    },
    { id: 'orders', label: t('customers.orders'), numeric: true, cell: (row) => row.orders },
    { id: 'docs', label: t('customers.documents'), numeric: true, cell: (row) => row.documents },
    {
      id: 'seen',
      label: t('customers.lastSeen'),
      cell: (row) => (row.lastSeenAt ? moment(row.lastSeenAt) : t('common.never')),
    },
  ];
  return (
    <>
      <PageHead title={t('customers.title')} />
      <SearchForm typed={typed} label={t('customers.search')} hint={t('customers.searchHint')}>
        <Field label={t('customers.show')}>
          {(input) => (
            <select
              {...input}
              value={filter ?? ''}
              onChange={(event) => show({ q, filter: event.currentTarget.value })}
            >
              <option value="">{t('customers.all')}</option>
              {CUSTOMER_FILTERS.map((each) => (
                <option key={each} value={each}>
                  {t(`customers.filters.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </SearchForm>
      <Listing
        list={list}
        empty={<NoCustomers q={q} isFiltered={filter !== undefined} clear={() => typed.type('')} />}
      >
        {(rows) => (
          <>
            <PickBar
              shown={rows}
              picked={picked}
              onPick={setPicked}
              onSent={async () => {
                setPicked(new Set());
                list.reload();
              }}
            />
            <Table
              caption={t('customers.title')}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              href={(row) => paths.customer(row.id)}
            />
          </>
        )}
      </Listing>
    </>
  );
}

function NoCustomers({
  q,
  isFiltered,
  clear,
}: {
  q: string;
  isFiltered: boolean;
  clear: () => void;
}) {
  const { paths } = useOrg();
  if (isFiltered) {
    return (
      <Empty
        title={t('customers.noneFit.title')}
        text={t('customers.noneFit.text')}
        icon="search"
        action={<LinkButton href={paths.customers}>{t('common.clear')}</LinkButton>}
      />
    );
  }
  if (q) {
    return (
      <Empty
        title={t('customers.noMatch.title', { q })}
        text={t('customers.noMatch.text')}
        icon="search"
        action={<Button onClick={clear}>{t('common.clear')}</Button>}
      />
    );
  }
  return <Empty title={t('customers.empty.title')} text={t('customers.empty.text')} icon="box" />;
}
