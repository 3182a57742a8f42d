import { useLocale } from '../lib/i18n.ts';
import { LocationProvider, Pages, type Routes, useLocation } from '../lib/router.tsx';
import { Toasts } from '../ui/toast.tsx';
import { Shell } from './components/shell.tsx';
import { Alerts } from './pages/alerts/alerts.tsx';
import { Audit } from './pages/audit/audit.tsx';
import { ChangeRequests } from './pages/change-requests/change-requests.tsx';
import { ChooseOrg } from './pages/choose-org.tsx';
import { Customer } from './pages/customer/customer.tsx';
import { Customers } from './pages/customers/customers.tsx';
import { DocumentHistory } from './pages/document-history/document-history.tsx';
import { Exports } from './pages/exports/exports.tsx';
import { ExposureReport } from './pages/exposure-report/exposure-report.tsx';
import { Exposures } from './pages/exposures.tsx';
import { FeedbackPage } from './pages/feedback.tsx';
import { Integrations } from './pages/integrations/integrations.tsx';
import { Issue } from './pages/issue/issue.tsx';
import { Issues } from './pages/issues/issues.tsx';
import { NewImport } from './pages/new-import/new-import.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Letter } from './pages/outbox/letter.tsx';
import { Outbox } from './pages/outbox/outbox.tsx';
import { Publish } from './pages/publish/publish.tsx';
import { Publishes } from './pages/publishes.tsx';
import { Settings } from './pages/settings/settings.tsx';
import { Shipments } from './pages/shipments/shipments.tsx';
import { Trace } from './pages/trace/trace.tsx';
import type { ConsolePattern } from './patterns.ts';

const ROUTES = {
  '/admin/:org': () => <Publishes />,
  '/admin/:org/publishes': () => <Publishes />,
  '/admin/:org/publishes/new': () => <NewImport />,
  '/admin/:org/publishes/:id': ({ id = '' }) => <Publish id={id} />,
  '/admin/:org/publishes/:id/exposure-report': ({ id = '' }) => <ExposureReport id={id} />,
  '/admin/:org/documents/:kind/:number': ({ kind = '', number = '' }) => (
    <DocumentHistory kind={kind} number={number} />
  ),
  '/admin/:org/customers': () => <Customers />,
  '/admin/:org/customers/:id': ({ id = '' }) => <Customer id={id} />,
  '/admin/:org/issues': () => <Issues />,
  '/admin/:org/issues/:id': ({ id = '' }) => <Issue id={id} />,
  '/admin/:org/change-requests': () => <ChangeRequests />,
  '/admin/:org/shipments': () => <Shipments />,
  '/admin/:org/outbox': () => <Outbox />,
  '/admin/:org/outbox/:id': ({ id = '' }) => <Letter id={id} />,
  '/admin/:org/integrations': () => <Integrations />,
  '/admin/:org/exposures': () => <Exposures />,
  '/admin/:org/exports': () => <Exports />,
  '/admin/:org/trace': () => <Trace reference={null} />,
  '/admin/:org/trace/:reference': ({ reference = '' }) => <Trace reference={reference} />,
  '/admin/:org/alerts': () => <Alerts />,
  '/admin/:org/feedback': () => <FeedbackPage />,
  '/admin/:org/audit': () => <Audit />,
  '/admin/:org/settings': () => <Settings />,
} satisfies Record<ConsolePattern, Routes[string]>;

/** The staff's console. */
export function App() {
  // Drawn again as a whole when the language changes: every word is read while drawing.
  useLocale();
  return (
    <LocationProvider scope="/admin">
      <Console />
      <Toasts />
    </LocationProvider>
  );
}

function Console() {
  const { path } = useLocation();
  const slug = path.split('/')[2];
  if (!slug) return <ChooseOrg />;
  return (
    <Shell key={slug} slug={slug}>
      <Pages routes={ROUTES} otherwise={() => <NotFound />} />
    </Shell>
  );
}
