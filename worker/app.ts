/** The whole Worker: what stands before every route, who is let in where, and what an error becomes. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type AppEnv, READING_METHODS } from './access/guards.ts';
import { onHost, sameOrigin } from './access/origin.ts';
import { AppError } from './errors.ts';
import { alerts } from './routes/admin/alerts.ts';
import { audit } from './routes/admin/audit.ts';
import { changeRequests } from './routes/admin/change-requests.ts';
import { customers } from './routes/admin/customers.ts';
import { exports as salesExports } from './routes/admin/exports.ts';
import { exposureReports } from './routes/admin/exposure-reports.ts';
import { exposures } from './routes/admin/exposures.ts';
import { feedback as givenFeedback } from './routes/admin/feedback.ts';
import { files } from './routes/admin/files.ts';
import { importProblems } from './routes/admin/import-problems.ts';
import { imports } from './routes/admin/imports.ts';
import { integrations } from './routes/admin/integrations.ts';
import { issueDesk } from './routes/admin/issues.ts';
import { links } from './routes/admin/links.ts';
import { mappingProfiles } from './routes/admin/mapping-profiles.ts';
import { members } from './routes/admin/members.ts';
import { outbox } from './routes/admin/outbox.ts';
import { outcomes } from './routes/admin/outcomes.ts';
import { overrides } from './routes/admin/overrides.ts';
import { publishes } from './routes/admin/publishes.ts';
import { review } from './routes/admin/review.ts';
import { seals } from './routes/admin/seals.ts';
import { orgChoice, self } from './routes/admin/self.ts';
import { settings } from './routes/admin/settings.ts';
import { shipments } from './routes/admin/shipments.ts';
import { staging } from './routes/admin/staging.ts';
import { stamps } from './routes/admin/stamps.ts';
import { withdrawals } from './routes/admin/withdrawals.ts';
import { logged } from './routes/answer-log.ts';
import { logError, toAppError } from './routes/error-log.ts';
import { resendHook } from './routes/hooks/resend.ts';
import { adminPages } from './routes/pages/admin.ts';
import { portalPages } from './routes/pages/portal.ts';
import { refusalPage } from './routes/pages/refusal.tsx';
import { details } from './routes/portal/details.ts';
import { documents } from './routes/portal/documents.ts';
import { exports } from './routes/portal/exports.ts';
import { feedback } from './routes/portal/feedback.ts';
import { home } from './routes/portal/home.ts';
import { invoices } from './routes/portal/invoices.ts';
import { issues } from './routes/portal/issues.ts';
import { notifications } from './routes/portal/notifications.ts';
import { orders } from './routes/portal/orders.ts';
import { statements } from './routes/portal/statements.ts';
import { updates } from './routes/portal/updates.ts';
import { brand } from './routes/public/brand.ts';
import { health } from './routes/public/health.ts';
import { landing } from './routes/public/landing.tsx';
import { linkRequests } from './routes/public/link-requests.tsx';
import { session } from './routes/public/session.ts';
import { unsubscribe } from './routes/public/unsubscribe.tsx';
import { PORTAL_PAGES } from './vocabulary.ts';

const JSON_MAX_BYTES = 256 * 1024;

const portalOrigin = (c: Context<AppEnv>) => c.env.ports.portalOrigin;
const adminOrigin = (c: Context<AppEnv>) => c.env.ports.adminOrigin;

const portalApi = new Hono<AppEnv>()
  .route('/', home)
  .route('/', orders)
  .route('/', documents)
  .route('/', invoices)
  .route('/', issues)
  .route('/', feedback)
  .route('/', details)
  .route('/', notifications)
  .route('/', statements)
  .route('/', exports)
  .route('/', updates);

const adminApi = new Hono<AppEnv>()
  .route('/', self)
  .route('/', publishes)
  .route('/', review)
  .route('/', imports)
  .route('/', staging)
  .route('/', importProblems)
  .route('/', mappingProfiles)
  .route('/', files)
  .route('/', overrides)
  .route('/', withdrawals)
  .route('/', outcomes)
  .route('/', exposureReports)
  .route('/', stamps)
  .route('/', alerts)
  .route('/', customers)
  .route('/', links)
  .route('/', outbox)
  .route('/', shipments)
  .route('/', integrations)
  .route('/', issueDesk)
  .route('/', changeRequests)
  .route('/', exposures)
  .route('/', audit)
  .route('/', seals)
  .route('/', givenFeedback)
  .route('/', salesExports)
  .route('/', settings)
  .route('/', members);

/** Files, photos and CSVs have bounds of their own; everything else is small. */
const smallBody = bodyLimit({
  maxSize: JSON_MAX_BYTES,
  onError: () => {
    throw new AppError('too_large', 'the body is too large', {
      fields: { body: 'at most 256 kB' },
    });
  },
});
const ownBodyLimit =
  /^\/api\/(admin\/[^/]+\/(imports|publishes\/[^/]+\/files\/[^/]+|settings\/logo)|portal\/customer\/[^/]+\/issues\/[^/]+\/photos)$/;
/** Where a publish is put together, and reviewed: no customer sees anything of it before its approval. */
const staged =
  /^\/api\/admin\/[^/]+\/(imports|imports\/[^/]+\/staging|publishes|publishes\/[^/]+\/(files\/[^/]+|overrides|exclusions|ticks))$/;

/** Makes the app. Bindings are given with each request, so one app serves every test and isolate. */
export function createApp() {
  const app = new Hono<AppEnv>();

  app.use(logged);
  app.use(async function smallBodies(c, next) {
    return ownBodyLimit.test(c.req.path) ? next() : smallBody(c, next);
  });

  app.use(onHost(portalOrigin, adminOrigin));
  for (const path of ['/customer/*', '/api/portal/*', ...PORTAL_PAGES] as const) {
    app.use(path, onHost(portalOrigin), sameOrigin(portalOrigin));
  }
  // Mail providers post here for their readers, from anywhere: the key alone is the right to it.
  app.use('/unsubscribe/*', onHost(portalOrigin));
  // A machine, with its signature and no cookie.
  app.use('/hooks/*', onHost(portalOrigin));
  for (const path of ['/api/admin/*', '/admin/*'] as const) {
    app.use(path, onHost(adminOrigin), sameOrigin(adminOrigin));
  }
  for (const path of ['/api/admin/*', '/api/portal/*'] as const) {
    app.use(path, async function hinted(c, next) {
      await next();
      const mayChange = !READING_METHODS.has(c.req.method) && !staged.test(c.req.path);
      if (mayChange && c.res.ok) {
        c.env.kick('send-hints');
      }
    });
  }

  app
    .route('/', health)
    .route('/brand', brand)
    .route('/', landing)
    .route('/', unsubscribe)
    .route('/hooks', resendHook)
    .route('/api/portal', linkRequests)
    .route('/api/portal', session)
    .route('/api/portal/customer/:token', portalApi)
    .route('/api/admin', orgChoice)
    .route('/api/admin/:org', adminApi)
    .route('/admin', adminPages)
    .route('/', portalPages);
  app.get('/favicon.svg', (c) => c.env.ports.assets.fetch(c.req.raw));
  // Cloudflare's edge answers this itself. Where no edge stands in front, the issuer ends the session.
  app.get('/cdn-cgi/access/logout', onHost(adminOrigin), (c) =>
    c.redirect(`${c.env.ports.access.issuer}/cdn-cgi/access/logout`),
  );

  app.notFound((c) => answerError(c, new AppError('not_found', 'no such path')));
  app.onError((thrown, c) => {
    const error = toAppError(thrown);
    if (error.status >= 500) {
      logError(c.var.requestId, error);
    }
    return answerError(c, error);
  });
  return app;
}

/** The wire form of an error: JSON for programs, a page for people, and never an exception's text. */
function answerError(c: Context<AppEnv>, error: AppError): Response | Promise<Response> {
  if (error.retryAfterSeconds !== undefined) {
    c.header('Retry-After', String(error.retryAfterSeconds));
  }
  const isForm =
    c.req.path.startsWith('/api/portal/') &&
    c.req.header('Content-Type')?.startsWith('application/x-www-form-urlencoded');
  const forPrograms = /^\/(api|hooks)(\/|$)/.test(c.req.path);
  if (isForm || !forPrograms) {
    return refusalPage(c, error).catch((thrown) =>
      // The signed-out page asks whose link it was, and the database may be what does not answer.
      thrown instanceof AppError && thrown.code === 'unavailable' && error.code !== 'unavailable'
        ? answerError(c, thrown)
        : c.text(error.code, error.status),
    );
  }
  const { code, message, fields } = error;
  if (c.req.method === 'HEAD') {
    // Its answer has no body, and a GET that asked why would be a taking.
    c.header('X-Refusal', encodeURIComponent(JSON.stringify({ error: { code, fields } })));
  }
  return c.json({ error: { code, message, fields, requestId: c.var.requestId } }, error.status);
}
