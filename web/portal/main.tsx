import '../styles/main.css';
import { render } from 'preact';
import { configureApi } from '../lib/api.ts';
import { startLocale } from '../lib/i18n.ts';
import { keepChosenLocale } from './chosen-locale.ts';
import { leaveWhenIdle } from './idle.ts';
import { Portal } from './routes.tsx';

configureApi({ base: '/api/portal/customer/me/' });
leaveWhenIdle();
keepChosenLocale();
startLocale()
  .catch(() => undefined)
  .then(() => {
    const root = document.getElementById('app');
    if (root) render(<Portal />, root);
  });
