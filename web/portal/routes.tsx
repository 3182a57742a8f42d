import { useLocale } from '../lib/i18n.ts';
import { LocationProvider, Pages, type Routes } from '../lib/router.tsx';
import { Toasts } from '../ui/toast.tsx';
import { BesideApp } from './beside-app.tsx';
import { later } from './later.tsx';
import { DetailsPage } from './pages/details.tsx';
import { DocumentsPage } from './pages/documents.tsx';
import { ExportsPage } from './pages/exports.tsx';
import { HelpPage } from './pages/help.tsx';
import { HomePage, HomeView } from './pages/home.tsx';
import { IssuePage } from './pages/issue.tsx';
import { MoneyPage } from './pages/money.tsx';
import { NotificationsPage } from './pages/notifications.tsx';
import { OrderPage, OrderView } from './pages/order.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { ReportPage } from './pages/report.tsx';
import { StatementPage } from './pages/statement.tsx';
import { type PortalPattern, SCOPE } from './patterns.ts';

/** An address that is no page of ours. */
const LostPage = later(
  () => import('./pages/lost.tsx').then((module) => module.LostPage),
  () => null,
);

const ROUTES = {
  '/': () => <HomePage />,
  '/documents': () => <DocumentsPage />,
  '/invoices': () => <MoneyPage name="invoices" />,
  '/invoices/:id': ({ id = '' }) => <MoneyPage name="invoices" id={id} />,
  '/payments': () => <MoneyPage name="payments" />,
  '/insights': () => <MoneyPage name="insights" />,
  '/details': () => <DetailsPage />,
  '/exports': () => <ExportsPage />,
  '/help': () => <HelpPage />,
  '/notifications': () => <NotificationsPage />,
  '/orders': () => <OrdersPage />,
  '/orders/:id': ({ id = '' }) => <OrderPage id={id} />,
  '/orders/:id/report': ({ id = '' }) => <ReportPage orderId={id} />,
  '/statement': () => <StatementPage />,
  '/issues/:id': ({ id = '' }) => <IssuePage id={id} />,
} satisfies Record<PortalPattern, Routes[string]>;

/** Fetches what the first page is drawn with, so that nothing stands in its place for a moment. */
export async function loadFirstPage(path: string): Promise<void> {
  if (path === '/') await HomeView.load();
  else if (/^\/orders\/[^/]+$/.test(path)) await OrderView.load();
}

/** The customer's portal. Drawn again as a whole when the language changes. */
export function Portal() {
  useLocale();
  return (
    <>
      <LocationProvider scope={SCOPE}>
        <Pages routes={ROUTES} otherwise={() => <LostPage />} />
      </LocationProvider>
      <BesideApp />
      <Toasts />
    </>
  );
}
