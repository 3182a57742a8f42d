/**
 * What `/api/portal/customer/me/…` answers, as the Worker types it. Days are YYYY-MM-DD, moments
 * RFC 3339, money the text of a decimal. Null is what is not shown to this reader.
 */
import type {
  InsightsPage,
  InvoicePage,
  InvoicesPage,
  PaymentsPage,
} from '../../worker/routes/portal/money.ts';
import type {
  Details,
  DocumentsPage,
  ExportsPage,
  Home,
  IssuePage,
  OrderPage,
  StatementPage,
  Visitor,
} from '../../worker/routes/portal/resources.ts';

export type { InvoiceRow, LinkedInvoice, PaymentRow } from '../../worker/routes/portal/money.ts';
export type {
  ChangeRequest,
  CreditNote,
  DocumentRow,
  Issue,
  IssueMessage,
  IssuePhoto,
  OrderRow,
  Statement,
} from '../../worker/routes/portal/resources.ts';
export type {
  Details,
  ExportsPage,
  Home,
  InsightsPage,
  InvoicePage,
  InvoicesPage,
  IssuePage,
  OrderPage,
  PaymentsPage,
  StatementPage,
};

/** Who is looking, whose paper it is, and through which link: on every page. */
export type Visit = Visitor;
export type Org = Visit['org'];
export type OrderList = Pick<Home, 'orders' | 'nextCursor'>;
export type DocumentList = Pick<DocumentsPage, 'documents' | 'nextCursor'>;
export type OrderDetail = OrderPage['order'];
export type OrderLine = OrderPage['lines'][number];
export type OrderAmounts = NonNullable<OrderDetail['amounts']>;
export type Shipment = OrderPage['shipments'][number];
