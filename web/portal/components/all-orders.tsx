import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { Empty } from '../../ui/empty.tsx';
import { isBackwards } from '../filters/days.ts';
import { laterWords } from '../later-words.ts';
import { type OrdersWanted, useOrders } from '../orders-list.ts';
import { wantedOf } from '../orders-wanted.ts';
import css from './all-orders.module.css';
import { OrderFilters } from './order-filters.tsx';
import { foundOrders, NoneFound, OrderList } from './orders-section.tsx';
import { knownVisit } from './shell.tsx';

/** All orders, or those that were asked for, as they were asked to follow each other. */
export function AllOrders() {
  const { query } = useLocation();
  const wanted = wantedOf(query);
  return (
    <>
      <div class={css.top}>
        <h1>{t('nav.orders')}</h1>
        <OrderFilters wanted={wanted} />
      </div>
      {!isBackwards(wanted) && <Found wanted={wanted} />}
    </>
  );
}

function Found({ wanted }: { wanted: OrdersWanted }) {
  const list = useOrders(wanted);
  const { q, status, from, to } = wanted;
  const isFiltered = Boolean(q || status || from || to);
  return (
    <>
      <p class={css.found} role="status">
        {isFiltered && foundOrders(list)}
      </p>
      <div class={css.list}>
        <OrderList
          list={list}
          none={
            isFiltered ? (
              <NoneFound
                why={q ? laterWords('orders.noneFoundFor', { q }) : laterWords('orders.noneFound')}
                all="/orders"
              />
            ) : (
              <NothingYet />
            )
          }
        />
      </div>
    </>
  );
}

function NothingYet() {
  const { org, customer } = knownVisit() ?? {};
  return (
    <Empty
      title={t('home.emptyTitle')}
      text={
        org && customer && laterWords('orders.noneYet', { org: org.name, customer: customer.name })
      }
    />
  );
}
