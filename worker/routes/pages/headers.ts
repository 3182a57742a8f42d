import type { Context } from 'hono';
import type { AppEnv } from '../../access/guards.ts';

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];
const WITH_SCRIPTS = ["script-src 'self'", "frame-src 'self'"];

/**
 * The headers of an HTML page. A page without scripts may run none at all: what a mail scanner
 * opens cannot submit itself. Its referrer policy is `strict-origin`, since with `no-referrer`
 * Chromium sends `Origin: null` on the form's POST; the path, which holds a token, goes nowhere.
 */
export function setPageHeaders(c: Context<AppEnv>, { scripts }: { scripts: boolean }): void {
  // Not every browser counts a WebSocket of the same host as 'self'.
  const { host, protocol } = new URL(c.env.ports.portalOrigin);
  const socket = `${protocol === 'http:' ? 'ws' : 'wss'}://${host}`;
  const withScripts = [...WITH_SCRIPTS, `connect-src 'self' ${socket}`];
  c.header('Content-Security-Policy', [...POLICY, ...(scripts ? withScripts : [])].join('; '));
  c.header('Referrer-Policy', scripts ? 'no-referrer' : 'strict-origin');
  c.header('X-Robots-Tag', 'noindex, noarchive');
  c.header('Cache-Control', 'no-store');
}
