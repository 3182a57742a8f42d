import '../styles/main.css';
import { render } from 'preact';
import { startLocale } from '../lib/i18n.ts';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root) startLocale().finally(() => render(<App />, root));
