/**
 * How each route that a customer can reach is asked for foreign things: the table that the isolation
 * test walks. Who adds a route says here what a foreign id looks like.
 */

import { day } from './cast.ts';
import { damaged, jpeg } from './reports.ts';

export const API = '/api/portal/customer/:token';

/** Ids that a viewer must not get anything for. `inOrder`: a document asked for under an order. */
export type Foreign = {
  orders: string[];
  documents: string[];
  inOrder: [string, string][];
  issues?: string[];
  invoices?: string[];
  /** Photos, each with the issue it is asked for under. */
  photos?: [string, string][];
};

/** For each route, the paths that ask for foreign things; a list takes no id to ask with. */
export const CUSTOMER_ROUTES: Record<
  string,
  'list' | ((foreign: Foreign, ownOrder: string) => string[])
> = {
  'GET /': 'list',
  'GET /orders': 'list',
  'GET /orders/:id': ({ orders }) => orders.map((id) => `/orders/${id}`),
  [`GET ${API}/home`]: 'list',
  [`GET ${API}/orders`]: 'list',
  [`GET ${API}/orders/:id`]: ({ orders }) => orders.map((id) => `${API}/orders/${id}`),
  'GET /documents': 'list',
  'GET /help': 'list',
  // It names nothing: what is said is of the one who says it.
  [`POST ${API}/feedback`]: 'list',
  [`GET ${API}/documents`]: 'list',
  [`GET ${API}/documents.zip`]: ({ documents }) => [
    ...documents.map((id) => `${API}/documents.zip?ids=${id}`),
    ...(documents.length > 1 ? [`${API}/documents.zip?ids=${documents}`] : []),
  ],
  [`GET ${API}/orders/:order/documents.zip`]: ({ orders }) =>
    orders.map((id) => `${API}/orders/${id}/documents.zip`),
  [`GET ${API}/documents/:document`]: ({ documents }) =>
    documents.flatMap((id) => [
      `${API}/documents/${id}`,
      `${API}/documents/${id}?disposition=inline`,
    ]),
  [`GET ${API}/orders/:order/documents/:document`]: ({ orders, documents, inOrder }, ownOrder) =>
    [
      ...inOrder,
      ...documents.map((id) => [ownOrder, id] as const),
      ...documents.map((id, at) => [orders[at] ?? orders[0] ?? ownOrder, id] as const),
    ].map(([order, document]) => `${API}/orders/${order}/documents/${document}`),
  'GET /invoices': 'list',
  'GET /invoices/:id': ({ invoices = [] }) => invoices.map((id) => `/invoices/${id}`),
  'GET /payments': 'list',
  'GET /insights': 'list',
  [`GET ${API}/invoices`]: 'list',
  [`GET ${API}/invoices/:invoice`]: ({ invoices = [] }) =>
    invoices.map((id) => `${API}/invoices/${id}`),
  [`GET ${API}/payments`]: 'list',
  [`GET ${API}/insights`]: 'list',
  'GET /orders/:id/report': ({ orders }) => orders.map((id) => `/orders/${id}/report`),
  [`POST ${API}/orders/:id/report-issue`]: ({ orders }) =>
    orders.map((id) => `${API}/orders/${id}/report-issue`),
  'GET /issues/:id': ({ issues = [] }) => issues.map((id) => `/issues/${id}`),
  [`GET ${API}/issues`]: 'list',
  [`GET ${API}/issues/:id`]: ({ issues = [] }) => issues.map((id) => `${API}/issues/${id}`),
  [`POST ${API}/issues/:id/photos`]: ({ issues = [] }) =>
    issues.map((id) => `${API}/issues/${id}/photos?name=a.jpg`),
  [`GET ${API}/issues/:id/photos/:photo`]: ({ photos = [] }) =>
    photos.map(([issue, photo]) => `${API}/issues/${issue}/photos/${photo}`),
  [`POST ${API}/issues/:id/messages`]: ({ issues = [] }) =>
    issues.map((id) => `${API}/issues/${id}/messages`),
  'GET /details': 'list',
  [`GET ${API}/details`]: 'list',
  [`GET ${API}/preferences`]: 'list',
  [`PUT ${API}/preferences`]: 'list',
  [`GET ${API}/change-requests`]: 'list',
  // Exports name no row: a period, a format, one's own PO number.
  'GET /exports': 'list',
  [`GET ${API}/exports`]: 'list',
  [`GET ${API}/exports/preview`]: 'list',
  [`GET ${API}/exports/invoices`]: 'list',
  [`GET ${API}/exports/mappings/:format`]: 'list',
  [`PUT ${API}/exports/mappings/:format`]: 'list',
  [`GET ${API}/packs/month.zip`]: 'list',
  [`POST ${API}/change-requests`]: 'list',
  'GET /statement': 'list',
  [`GET ${API}/statement`]: 'list',
  [`GET ${API}/statement.csv`]: 'list',
  [`GET ${API}/statement.pdf`]: 'list',
};

/** What is sent with the requests that change something: whole, so that only the id is wrong. */
export const BODIES: Record<string, object> = {
  [`POST ${API}/orders/:id/report-issue`]: { ...damaged, lineNumbers: [] },
  [`POST ${API}/issues/:id/photos`]: jpeg(),
  [`POST ${API}/issues/:id/messages`]: { body: 'Is this mine?' },
};
const PERIOD = `from=${day(-300)}&to=${day(300)}`;
/** How the lists are asked: filters and searches must not reach further than the list itself. */
export const LISTS = [
  '/',
  `${API}/home`,
  '/help',
  ...['', '?status=active', '?status=shipped', '?status=delivered', '?status=cancelled'].map(
    (query) => `${API}/orders${query}`,
  ),
  '/documents',
  '/documents?q=B1',
  ...[
    '',
    '?kind=invoice',
    '?kind=packing_slip',
    '?from=1900-01-01&to=2999-12-31',
    '?q=B1',
    '?q=%25',
  ].map((query) => `${API}/documents${query}`),
  ...['', '?sort=oldest', '?sort=total&from=1900-01-01', '?q=SO-B1'].map(
    (query) => `/orders${query}`,
  ),
  ...['oldest', 'delivery', 'total'].map((sort) => `${API}/orders?sort=${sort}`),
  '/invoices',
  '/invoices?q=B1',
  '/payments',
  ...[
    '',
    '?kind=invoice',
    '?status=unpaid',
    '?from=1900-01-01&to=2999-12-31',
    '?q=B1',
    '?q=%25',
  ].map((query) => `${API}/invoices${query}`),
  ...['', '?from=1900-01-01&to=2999-12-31'].map((query) => `${API}/payments${query}`),
  '/insights',
  `${API}/insights`,
  `${API}/issues`,
  '/details',
  `${API}/details`,
  `${API}/preferences`,
  `${API}/change-requests`,
  '/exports',
  `${API}/exports`,
  ...['csv', 'xero'].map((format) => `${API}/exports/preview?format=${format}&${PERIOD}`),
  `${API}/exports/mappings/csv`,
  ...['/statement', `${API}/statement`, `${API}/statement.csv`, `${API}/statement.pdf`].flatMap(
    (path) => [path, `${path}?from=2020-01-01&to=2029-12-31`],
  ),
  ...['SO-', 'SO-B1', 'PO-B1', '%25', '_'].map((q) => `${API}/orders?q=${q}`),
];
