import { useEffect, useState } from 'preact/hooks';
import { useLocation } from '../../lib/router.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Field } from '../../ui/Field.tsx';
import { type Column, Table } from '../../ui/Table.tsx';
import { Listing } from '../components/listing.tsx';
import { PageHead } from '../components/page-head.tsx';
import { useOrg, withQuery } from '../org.ts';
import type { CustomerList, CustomerRow } from '../types.ts';
import { useList } from '../use-resource.ts';
import { t } from '../words.ts';
import css from './filters.module.css';

const TYPING_PAUSE_MILLISECONDS = 250;

/** Who buys: found by name or code, with how many people can look and when one last did. */
export function Customers() {
  const { paths, moment } = useOrg();
  const { query, route } = useLocation();
  const q = query.q ?? '';
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(
      () => route(withQuery(paths.customers, { q: typed.trim() }), true),
      TYPING_PAUSE_MILLISECONDS,
    );
    return () => clearTimeout(timer);
  }, [typed, q, route, paths.customers]);
  const list = useList<CustomerRow, CustomerList>(
    (cursor) => withQuery(paths.api('customers'), { q, cursor }),
    (answer) => answer.customers,
  );
  const columns: Column<CustomerRow>[] = [
    { id: 'name', label: t('customers.name'), main: true, cell: (row) => row.name },
    { id: 'code', label: t('customers.code'), cell: (row) => row.code },
    { id: 'people', label: t('customers.people'), numeric: true, cell: (row) => row.contacts },
    { id: 'links', label: t('customers.links'), numeric: true, cell: (row) => row.activeLinks },
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
      <search>
        <form
          class={css.filters}
          onSubmit={(event) => {
            event.preventDefault();
            route(withQuery(paths.customers, { q: typed.trim() }), true);
          }}
        >
          <Field label={t('customers.search')} hint={t('customers.searchHint')}>
            {(input) => (
              <input
                {...input}
                type="search"
                autocomplete="off"
                maxLength={100}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        </form>
      </search>
      <Listing
        list={list}
        empty={
          q ? (
            <Empty
              title={t('customers.noMatch.title', { q })}
              text={t('customers.noMatch.text')}
              icon="search"
              action={<Button onClick={() => setTyped('')}>{t('common.clear')}</Button>}
            />
          ) : (
            <Empty title={t('customers.empty.title')} text={t('customers.empty.text')} icon="box" />
          )
        }
      >
        {(rows) => (
          <Table
            caption={t('customers.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            href={(row) => paths.customer(row.id)}
          />
        )}
      </Listing>
    </>
  );
}
