import { useState } from 'preact/hooks';
import { formatDay } from '../../../lib/format.ts';
import { useLocation } from '../../../lib/router.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ShipmentBadge } from '../../../ui/status-badge.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { reasonWords } from '../../components/reason-words.ts';
import { SearchForm } from '../../components/search-form.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { ShipmentList, ShipmentRow } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { useTyped } from '../../use-typed.ts';
import { t } from '../../words.ts';
import { AddEvent } from './add-event.tsx';
import css from './shipments.module.css';

/** Where parcels are said to be, found by order, number or customer; and what staff know themselves. */
export function Shipments() {
  const { paths } = useOrg();
  const { query, route } = useLocation();
  const q = query.q ?? '';
  const customer = query.customer ?? '';
  const [told, setTold] = useState<ShipmentRow | null>(null);
  const show = (wanted: string) => route(withQuery(paths.shipments, { q: wanted, customer }), true);
  const typed = useTyped(q, show);
  const list = useList<ShipmentRow, ShipmentList>(
    (cursor) => withQuery(paths.api('shipments'), { q, customer, cursor }),
    (answer) => answer.shipments,
  );
  return (
    <>
      <PageHead title={t('shipments.title')}>
        <p>{t('shipments.intro')}</p>
        {customer && (
          <p>
            {t('shipments.onlyOf')} <a href={paths.shipments}>{t('shipments.ofAll')}</a>
          </p>
        )}
      </PageHead>
      <SearchForm typed={typed} label={t('shipments.search')} hint={t('shipments.searchHint')} />
      <Listing list={list} empty={<NoShipments isFiltered={q + customer !== ''} />}>
        {(rows) => <ShipmentTable rows={rows} onTell={setTold} />}
      </Listing>
      <AddEvent shipment={told} onClose={() => setTold(null)} onAdded={list.reload} />
    </>
  );
}

function ShipmentTable({
  rows,
  onTell,
}: {
  rows: ShipmentRow[];
  onTell: (row: ShipmentRow) => void;
}) {
  const { paths, moment } = useOrg();
  const columns: Column<ShipmentRow>[] = [
    {
      id: 'order',
      label: t('shipments.order'),
      main: true,
      cell: (row) => <span class={css.whole}>{row.order.number}</span>,
    },
    {
      id: 'status',
      label: t('shipments.status'),
      aside: true,
      cell: (row) => <ShipmentBadge status={row.status} />,
    },
    {
      id: 'exactly',
      label: t('shipments.substatus'),
      cell: ({ substatus }) => substatus && t(`shipments.substatuses.${substatus}`),
    },
    {
      id: 'customer',
      label: t('shipments.customer'),
      cell: ({ customer }) => <a href={paths.customer(customer.id)}>{customer.name}</a>,
    },
    {
      id: 'carrier',
      label: t('shipments.carrier'),
      cell: (row) =>
        [row.carrier, row.trackingNumber ?? t('shipments.noNumber')].filter(Boolean).join(', '),
      wide: true,
    },
    {
      id: 'shipped',
      label: t('shipments.shipped'),
      cell: (row) => row.shippedOn && formatDay(row.shippedOn),
    },
    {
      id: 'last',
      label: t('shipments.last'),
      cell: ({ lastEvent }) =>
        lastEvent &&
        t('shipments.lastWords', {
          at: moment(lastEvent.at),
          source: t(`shipments.sources.${lastEvent.source}`),
        }),
    },
    { id: 'asked', label: t('shipments.asked'), cell: (row) => askedWords(row, moment) },
    {
      id: 'actions',
      label: t('shipments.actions'),
      wide: true,
      screenOnly: true,
      cell: (row) => (
        <Button
          icon="pen"
          aria-label={t('shipments.addOne', { order: row.order.number })}
          onClick={() => onTell(row)}
        >
          {t('shipments.add')}
        </Button>
      ),
    },
  ];
  return (
    <Table caption={t('shipments.title')} columns={columns} rows={rows} rowKey={(row) => row.id} />
  );
}

/** How asking the carrier about it goes. */
function askedWords({ polled }: ShipmentRow, moment: (at: string) => string): string {
  if (polled === null) return t('shipments.notAsked');
  const at = polled.checkedAt === null ? t('shipments.never') : moment(polled.checkedAt);
  if (polled.lastError !== null) {
    return t('shipments.failed', { at, reason: reasonWords(polled.lastError) });
  }
  return polled.isOver ? t('shipments.over') : at;
}

function NoShipments({ isFiltered }: { isFiltered: boolean }) {
  const { paths } = useOrg();
  const why = isFiltered ? 'noneFit' : 'empty';
  return (
    <Empty
      title={t(`shipments.${why}.title`)}
      text={t(`shipments.${why}.text`)}
      icon={isFiltered ? 'search' : 'truck'}
      action={isFiltered && <LinkButton href={paths.shipments}>{t('shipments.ofAll')}</LinkButton>}
    />
  );
}
