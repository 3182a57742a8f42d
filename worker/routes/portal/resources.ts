/**
 * The resources that a page is inlined with: the same bodies, whether the page's HTML carries them
 * or the web app asks for them.
 */
import type { Context } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { readBalances } from '../../domain/balance.ts';
import {
  type ChangeRequest,
  listDeliveryAddresses,
  listOwnChanges,
} from '../../domain/change-request.ts';
import { type Cursor, page } from '../../domain/cursor.ts';
import { auditRefusal, readVisitor, type Visitor } from '../../domain/customer.ts';
import {
  countNewDocuments,
  type DocumentRow,
  listDocuments,
  listNewestDocuments,
  listOrderDocuments,
  readNewestInvoice,
} from '../../domain/document.ts';
import { listExportMappings } from '../../domain/export.ts';
import { readLastPayment, readMoneyTerms } from '../../domain/invoice.ts';
import {
  auditIssueView,
  type Issue,
  type IssueMessage,
  type IssuePhoto,
  listIssueMessages,
  listIssuePhotos,
  listIssues,
  listOrderIssues,
  readIssue,
} from '../../domain/issue.ts';
import { missingDocuments } from '../../domain/missing-document.ts';
import { listNotifications, type Notification } from '../../domain/notification.ts';
import {
  auditOrderView,
  countOrders,
  countUnderWay,
  listMovedOrders,
  listOrderLines,
  listOrders,
  listUnderWay,
  type OrderRow,
  type OrdersQuery,
  presentOrder,
  readOrder,
} from '../../domain/order.ts';
import { type CreditNote, readOrderAround } from '../../domain/order-around.ts';
import { readPreferences } from '../../domain/preference.ts';
import { listShipments, presentShipment } from '../../domain/shipment.ts';
import { type Period, type Statement, takeStatement } from '../../domain/statement.ts';
import { AppError } from '../../errors.ts';
import { type AuditAction, type OrderSort, PAGE_SIZE } from '../../vocabulary.ts';

const NEWEST_DOCUMENTS = 5;
const MOVED_ORDERS = 5;
const SHIPMENTS_UNDER_WAY = 3;
type ListedDocument = Awaited<ReturnType<typeof listDocuments>>[number];

type ListedOrder = Awaited<ReturnType<typeof listOrders>>[number];

/** A page of orders from rows that were read one longer. A cursor names its sort: no other may follow it. */
export function orderPage(listed: ListedOrder[], sort: OrderSort = 'newest') {
  const keyOf = ({ sortKey, id }: ListedOrder) => [`${sort}:${sortKey}`, id] as const;
  const { rows, nextCursor } = page(listed, PAGE_SIZE, keyOf);
  const orders: OrderRow[] = rows.map(({ sortKey: _, ...row }) => row);
  return { orders, nextCursor };
}

/** A page of documents from rows that were read one longer. */
function documentPage(rows: ListedDocument[]) {
  const { rows: listed, nextCursor } = page(rows, PAGE_SIZE, (row) => [row.onDay, row.id] as const);
  const documents: DocumentRow[] = listed.map(({ onDay: _, ...row }) => row);
  return { documents, nextCursor };
}

/** The visitor of a live credential: the policy leaves exactly one. */
export function onlyVisitor(rows: Visitor[]): Visitor {
  const [visitor] = rows;
  if (visitor === undefined) {
    throw new AppError('internal', 'a live credential without a customer');
  }
  return visitor;
}

/**
 * Who is looking, where what their address asks for cannot be shown.
 *
 * @param action what the page would have done
 */
export async function readNothing(c: Context<AppEnv>, action: AuditAction) {
  const [visitors] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    auditRefusal(db, 'invalid', action),
  ]);
  return onlyVisitor(visitors);
}

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

/** The documents page: who is looking, and the newest documents of the filter. */
export async function readDocumentsPage(
  c: Context<AppEnv>,
  filter: Parameters<typeof listDocuments>[1],
) {
  const [visitors, rows] = await asCustomer(c, 'documents.listed', (db) => [
    readVisitor(db),
    listDocuments(db, filter),
  ]);
  return { ...onlyVisitor(visitors), ...documentPage(rows) };
}
export type DocumentsPage = Awaited<ReturnType<typeof readDocumentsPage>>;

/** The orders page: who is looking, and the first orders of the list. */
export async function readOrdersPage(c: Context<AppEnv>, query: OrdersQuery) {
  const [visitors, rows] = await asCustomer(c, 'orders.listed', (db) => [
    readVisitor(db),
    listOrders(db, query),
  ]);
  return { ...onlyVisitor(visitors), ...orderPage(rows, query.sort) };
}

/** The help page: who is looking, and whom they can ask. */
export async function readHelp(c: Context<AppEnv>) {
  const [visitors] = await asCustomer(c, 'help.viewed', (db) => [readVisitor(db)]);
  return onlyVisitor(visitors);
}

/** @throws AppError `not_found` for an order that this customer may not see */
export async function readOrderPage(c: Context<AppEnv>, orderId: string) {
  const [visitors, [order], lines, shipments, documents, issues, around] = await asCustomer(
    c,
    null,
    (db) => [
      readVisitor(db),
      readOrder(db, orderId),
      listOrderLines(db, orderId),
      listShipments(db, orderId),
      listOrderDocuments(db, orderId),
      listOrderIssues(db, orderId),
      readOrderAround(db, orderId),
      auditOrderView(db, orderId),
    ],
  );
  const beside = around.rows[0];
  if (order === undefined || beside === undefined) {
    throw new AppError('not_found', 'no such order');
  }
  const { kinds, previous, next, creditNotes } = beside;
  return {
    ...onlyVisitor(visitors),
    order: presentOrder(order),
    lines,
    shipments: shipments.map(presentShipment),
    documents,
    issues,
    missing: missingDocuments(order.status, kinds, documents),
    creditNotes,
    previous,
    next,
  };
}
export type OrderPage = Awaited<ReturnType<typeof readOrderPage>>;

/** Where an order's parcels are. @throws AppError `not_found` for an order that this customer may not see */
export async function readTracking(c: Context<AppEnv>, orderId: string) {
  const [[order], shipments] = await asCustomer(c, null, (db) => [
    readOrder(db, orderId),
    listShipments(db, orderId),
    auditOrderView(db, orderId),
  ]);
  if (order === undefined) {
    throw new AppError('not_found', 'no such order');
  }
  const { id, number, status, expectedDelivery } = order;
  return {
    order: { id, number, status, expectedDelivery },
    shipments: shipments.map(presentShipment),
  };
}

/** @throws AppError `not_found` for an issue that is not this customer's */
export async function readIssuePage(c: Context<AppEnv>, issueId: string) {
  const [visitors, [issue], messages, photos] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    readIssue(db, issueId),
    listIssueMessages(db, issueId),
    listIssuePhotos(db, issueId),
    auditIssueView(db, issueId),
  ]);
  if (issue === undefined) {
    throw new AppError('not_found', 'no such issue');
  }
  return { ...onlyVisitor(visitors), issue, messages, photos };
}
export type IssuePage = Awaited<ReturnType<typeof readIssuePage>>;

export async function readIssues(c: Context<AppEnv>) {
  const [issues] = await asCustomer(c, 'issues.listed', (db) => [listIssues(db)]);
  return { issues };
}

/** What is held of the person who looks and of their company, what they chose, and what they asked to change. */
export async function readDetails(c: Context<AppEnv>) {
  const [visitors, [preferences], addresses, changeRequests] = await asCustomer(
    c,
    'details.viewed',
    (db) => [readVisitor(db), readPreferences(db), listDeliveryAddresses(db), listOwnChanges(db)],
  );
  const visitor = onlyVisitor(visitors);
  return {
    ...visitor,
    preferences: preferences ?? { language: visitor.contact.language, mutedMail: [] },
    deliveryAddresses: addresses.rows.map(({ address }) => address),
    changeRequests,
  };
}
export type Details = Awaited<ReturnType<typeof readDetails>>;

/** What the customer was told of, newest first, and what of it this person has not read. */
export async function readNotifications(c: Context<AppEnv>, cursor?: Cursor) {
  const [visitors, { rows: listed }] = await asCustomer(c, 'notifications.listed', (db) => [
    readVisitor(db),
    listNotifications(db, cursor),
  ]);
  const { rows: notifications, nextCursor } = page(
    listed,
    PAGE_SIZE,
    (row) => [row.createdAt, row.id] as const,
  );
  return { ...onlyVisitor(visitors), notifications, nextCursor };
}
export type NotificationsPage = Awaited<ReturnType<typeof readNotifications>>;

/**
 * The statement of a period, and who reads it.
 *
 * @throws AppError `not_found` through a link without financials; `statement_broken`
 */
export async function readStatementPage(c: Context<AppEnv>, period: Period) {
  const [visitors, { rows }] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    takeStatement(db, period, 'view'),
  ]);
  const [taken] = rows;
  if (taken === undefined) {
    throw new AppError('not_found', 'no amounts through this link');
  }
  const statement: Statement = { ...taken.statement, today: taken.today, asOf: taken.asOf };
  return { ...onlyVisitor(visitors), statement };
}
export type StatementPage = Awaited<ReturnType<typeof readStatementPage>>;

/** The exports page: who is looking, and the codes of their books, the format that was saved last first. */
export async function readExportsPage(c: Context<AppEnv>) {
  const [visitors, mappings] = await asCustomer(c, 'exports.viewed', (db) => [
    readVisitor(db),
    listExportMappings(db),
  ]);
  return { ...onlyVisitor(visitors), mappings };
}
export type ExportsPage = Awaited<ReturnType<typeof readExportsPage>>;
export type {
  ChangeRequest,
  CreditNote,
  DocumentRow,
  Issue,
  IssueMessage,
  IssuePhoto,
  Notification,
  OrderRow,
  Statement,
  Visitor,
};
