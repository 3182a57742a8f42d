import { type Context, Hono } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { readBalances } from '../../domain/balance.ts';
import { readVisitor } from '../../domain/customer.ts';
import {
  countNewDocuments,
  listNewestDocuments,
  readNewestInvoice,
} from '../../domain/document.ts';
import { readLastPayment, readMoneyTerms } from '../../domain/invoice.ts';
import {
  countOrders,
  countUnderWay,
  listMovedOrders,
  listOrders,
  listUnderWay,
} from '../../domain/order.ts';
import { orderPage } from './orders.ts';
import { onlyVisitor } from './visitor.ts';

const NEWEST_DOCUMENTS = 5;
const MOVED_ORDERS = 5;
const SHIPMENTS_UNDER_WAY = 3;

/** What home shows, for its page and for its resource. @throws AppError of {@link asCustomer} */
export async function readHome(c: Context<AppEnv>) {
  const [
    visitors,
    [counts],
    orders,
    documents,
    [invoice],
    [fresh],
    moved,
    shipments,
    [onTheirWay],
    balances,
    [terms],
    { rows: paid },
  ] = await asCustomer(c, 'home.viewed', (db) => [
    readVisitor(db),
    countOrders(db),
    listOrders(db, { status: 'all' }),
    listNewestDocuments(db, NEWEST_DOCUMENTS),
    readNewestInvoice(db),
    countNewDocuments(db),
    listMovedOrders(db, MOVED_ORDERS),
    listUnderWay(db, SHIPMENTS_UNDER_WAY),
    countUnderWay(db),
    readBalances(db),
    readMoneyTerms(db),
    readLastPayment(db),
  ]);
  const zero = { all: 0, active: 0, shipped: 0, delivered: 0, cancelled: 0 };
  return {
    ...onlyVisitor(visitors),
    counts: counts ?? zero,
    ...orderPage(orders),
    documents,
    latestInvoice: invoice ?? null,
    news: { documents: fresh?.documents ?? 0, orders: moved },
    shipments,
    underWay: onTheirWay?.underWay ?? 0,
    balances,
    lastPayment: paid[0] ?? null,
    asOf: terms?.asOf ?? null,
  };
}
export type Home = Awaited<ReturnType<typeof readHome>>;

/** `GET …/home`: everything the first screen shows. */
export const home = new Hono<AppEnv>().get('/home', async (c) => c.json(await readHome(c), 200));
