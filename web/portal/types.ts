/**
 * What `/api/portal/customer/me/…` answers, as the Worker types it. Days are YYYY-MM-DD, moments
 * RFC 3339, money the text of a decimal. Null is what is not shown to this reader.
 */
import type { Visitor } from '../../worker/domain/customer.ts';
import type { DocumentsPage } from '../../worker/routes/portal/documents-page.ts';
import type { Home } from '../../worker/routes/portal/home.ts';
import type { OrderPage } from '../../worker/routes/portal/orders.ts';

export type { ChangeRequest } from '../../worker/domain/change-request.ts';
export type { DocumentRow } from '../../worker/domain/document.ts';
export type { InvoiceRow, LinkedInvoice, PaymentRow } from '../../worker/domain/invoice.ts';
export type { Issue, IssueMessage, IssuePhoto } from '../../worker/domain/issue.ts';
export type { Notification } from '../../worker/domain/notification.ts';
export type { OrderRow } from '../../worker/domain/order.ts';
export type { CreditNote } from '../../worker/domain/order-around.ts';
export type { Statement } from '../../worker/domain/statement.ts';
export type { Details } from '../../worker/routes/portal/details.ts';
export type { ExportsPage } from '../../worker/routes/portal/exports-page.ts';
export type {
  InsightsPage,
  InvoicePage,
  InvoicesPage,
  PaymentsPage,
} from '../../worker/routes/portal/invoices.ts';
export type { IssuePage } from '../../worker/routes/portal/issues.ts';
export type { NotificationsPage } from '../../worker/routes/portal/notifications.ts';
export type { StatementPage } from '../../worker/routes/portal/statement-page.ts';
export type { Home, OrderPage };

/** Who is looking, whose paper it is, and through which link: on every page. */
export type Visit = Visitor;
export type Org = Visit['org'];
export type OrderList = Pick<Home, 'orders' | 'nextCursor'>;
export type DocumentList = Pick<DocumentsPage, 'documents' | 'nextCursor'>;
export type OrderDetail = OrderPage['order'];
export type OrderLine = OrderPage['lines'][number];
export type OrderAmounts = NonNullable<OrderDetail['amounts']>;
export type Shipment = OrderPage['shipments'][number];
