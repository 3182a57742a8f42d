import type { Context, Next } from 'hono';
import { type AppEnv, tellRateLimit } from '../access/guards.ts';
import { log } from '../log.ts';

/** All that a page could ask a device for; the clipboard is left, since staff copy links to it. */
const NO_FEATURES = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** Numbers a request, logs it, and puts on its answer the headers that every answer has. */
export async function logged(c: Context<AppEnv>, next: Next): Promise<void> {
  const startedAt = Date.now();
  c.set('requestId', crypto.randomUUID());
  await next();
  if (c.res.status === 101) {
    // A socket's answer is handed on as it is: a copy would have none.
    log('request', {
      requestId: c.var.requestId,
      method: c.req.method,
      path: c.req.path,
      status: 101,
    });
    return;
  }
  // Each of these makes a copy of the response, which is then ours to change: one is enough.
  c.header('X-Request-Id', c.var.requestId);
  const { headers, status } = c.res;
  // Whatever the route answered with: a file's own response knows of no header that was set before it.
  tellRateLimit(headers, c.var.rateLimit);
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Permissions-Policy', NO_FEATURES);
  if (!headers.has('Referrer-Policy')) {
    headers.set('Referrer-Policy', 'no-referrer');
  }
  if (!headers.has('Cache-Control')) {
    headers.set('Cache-Control', 'no-store');
  }
  log('request', {
    requestId: c.var.requestId,
    method: c.req.method,
    path: c.req.path,
    status,
    ms: Date.now() - startedAt,
  });
}
