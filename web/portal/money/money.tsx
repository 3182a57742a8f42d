/** What is fetched when a person looks at money: one chunk, since its parts share their words. */
export { InsightsView } from './insights-view.tsx';
export { InvoiceList } from './invoice-list.tsx';
export { InvoiceView } from './invoice-view.tsx';
export { PaymentList } from './payment-list.tsx';
