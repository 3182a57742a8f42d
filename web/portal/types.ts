/**
 * What `/api/portal/customer/me/…` answers. Days are YYYY-MM-DD, moments ISO timestamps, money the
 * text of a decimal. Null is what is not shown to this reader.
 */
import type {
  DocumentKind,
  LinkScope,
  Locale,
  OrderStatus,
  ShipmentStatus,
} from '../../worker/vocabulary.ts';

export type Org = {
  code: string;
  name: string;
  colour: string;
  hasLogo: boolean;
  contactEmail: string | null;
  contactPhone: string | null;
  contactHours: string | null;
};

/** Who is looking, whose paper it is, and through which link: on every page. */
export type Visit = {
  org: Org;
  customer: { code: string; name: string };
  contact: { name: string | null; email: string; language: Locale };
  link: { scope: LinkScope; expiresAt: string };
};

export type OrderRow = {
  id: string;
  number: string;
  placedOn: string;
  status: OrderStatus | null;
  itemsCount: number | null;
  poNumber: string | null;
  expectedDelivery: string | null;
  currency: string | null;
  total: string | null;
  documents: number;
};

export type DocumentRow = {
  id: string;
  kind: DocumentKind;
  number: string;
  datedOn: string | null;
  fileName: string;
  /** Bytes. */
  fileSize: number;
  orderId: string | null;
  orderNumber: string | null;
  shownAt: string;
};

export type OrderList = { orders: OrderRow[]; nextCursor: string | null };

export type OrderCounts = {
  all: number;
  active: number;
  shipped: number;
  delivered: number;
  cancelled: number;
};

export type Home = Visit & OrderList & { counts: OrderCounts; documents: DocumentRow[] };

export type OrderLine = {
  lineNumber: number;
  itemCode: string | null;
  description: string | null;
  quantity: string | null;
  unit: string | null;
  unitPrice: string | null;
  taxRate: string | null;
  total: string | null;
};

export type Shipment = {
  id: string;
  carrier: string | null;
  trackingNumber: string | null;
  status: ShipmentStatus;
  shippedOn: string | null;
  estimatedDelivery: string | null;
};

export type OrderAmounts = {
  currency: string;
  subtotal: string | null;
  tax: string | null;
  shipping: string | null;
  total: string | null;
};

export type OrderDetail = OrderRow & {
  cancelledOn: string | null;
  expectedShip: string | null;
  deliveryAddress: string | null;
  amounts: OrderAmounts | null;
};

export type OrderPage = Visit & {
  order: OrderDetail;
  lines: OrderLine[];
  shipments: Shipment[];
  documents: DocumentRow[];
};
