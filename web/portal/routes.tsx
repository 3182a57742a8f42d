import { useLocale } from '../lib/i18n.ts';
import { LocationProvider, Pages, type Routes } from '../lib/router.tsx';
import { Toasts } from '../ui/Toast.tsx';
import { DocumentsPage } from './pages/documents.tsx';
import { HelpPage } from './pages/help.tsx';
import { HomePage } from './pages/home.tsx';
import { LostPage } from './pages/lost.tsx';
import { OrderPage } from './pages/order.tsx';
import { OrdersPage } from './pages/orders.tsx';

/** Links to these are pages of ours; all others (files, mail, the API) are the browser's. */
const SCOPE = /^\/(?:$|\?|orders(?:$|[?/])|documents(?:$|\?)|help$)/;

const ROUTES: Routes = {
  '/': () => <HomePage />,
  '/documents': () => <DocumentsPage />,
  '/help': () => <HelpPage />,
  '/orders': () => <OrdersPage />,
  '/orders/:id': ({ id = '' }) => <OrderPage id={id} />,
};

/** The customer's portal. Drawn again as a whole when the language changes. */
export function Portal() {
  useLocale();
  return (
    <>
      <LocationProvider scope={SCOPE}>
        <Pages routes={ROUTES} otherwise={() => <LostPage />} />
      </LocationProvider>
      <Toasts />
    </>
  );
}
