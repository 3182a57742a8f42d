import '../styles/main.css';
import { render } from 'preact';
import { configureApi } from '../lib/api.ts';
import { startLocale } from '../lib/i18n.ts';
import { loadFirstPage, Portal } from './routes.tsx';

/** Time for the first view to be drawn and for what it shows to come. */
const AFTER_FIRST_VIEW_MILLISECONDS = 1_500;

configureApi({ base: '/api/portal/customer/me/' });
startLocale()
  .then(() => loadFirstPage(location.pathname))
  // Whatever is missing is asked for again, or told of, where it is drawn.
  .catch(() => undefined)
  .then(() => {
    const root = document.getElementById('app');
    if (root) render(<Portal />, root);
    setTimeout(attend, AFTER_FIRST_VIEW_MILLISECONDS);
  });

/** What goes on beside the pages: fetched after the first view, and once the network is back if it is not there. */
function attend(): void {
  import('./visit.tsx')
    .then(({ attendVisit }) => attendVisit())
    .catch(() => addEventListener('online', attend, { once: true }));
}
