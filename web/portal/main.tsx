import '../styles/main.css';
import { render } from 'preact';
import { configureApi } from '../lib/api.ts';
import { startLocale } from '../lib/i18n.ts';
import { leaveWhenIdle } from './idle.ts';
import { Portal } from './routes.tsx';

configureApi({ base: '/api/portal/customer/me/' });
leaveWhenIdle();
startLocale()
  .catch(() => undefined)
  .then(() => {
    const root = document.getElementById('app');
    if (root) render(<Portal />, root);
  });
