import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asVisitor, setRateLimit, shieldLinks } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { sessionCookies } from '../../access/sessions.ts';
import { hashSecret, mintSessionSecret, orgCodeShownBy, readToken } from '../../access/tokens.ts';
import { AppError } from '../../errors.ts';
import { setPageHeaders } from '../pages/headers.ts';
import { localeOf } from '../pages/locale.ts';
import { linkInvalidPage, supplierOf } from '../pages/refusal.tsx';
import { Sheet } from '../pages/sheet.tsx';
import { WORDS } from '../pages/words.ts';
import { validate } from '../validate.ts';

/** Where a person may land after continuing: a page of ours, never another site's. */
const wantedPage = z
  .string()
  .regex(/^\/(details|(orders|issues)\/[0-9a-f-]{36})?$/)
  .catch('/');
const wanted = z.object({ to: wantedPage.default('/') });

/**
 * The landing page of an access link. Its GET is inert: mail scanners and link previews open it, so
 * it asks no database and changes nothing, and it is the same page for every well-formed token. Only
 * the button's POST exchanges the token for a session and leaves the URL that held it.
 */
export const landing = new Hono<AppEnv>()
  .get('/customer/:token', validate('query', wanted), async (c) => {
    const token = readToken(c.req.param('token'));
    if (token === null) {
      return linkInvalidPage(c, orgCodeShownBy(c.req.param('token')));
    }
    const supplier = await supplierOf(c, token.orgCode);
    const locale = localeOf(c.req.raw.headers, supplier?.brand.locale);
    const words = WORDS[locale];
    const title = supplier ? words.landingTitle(supplier.brand.name) : words.landingTitlePlain;
    setPageHeaders(c, { scripts: false });
    return c.html(
      <Sheet locale={locale} title={title} supplier={supplier}>
        <p>{words.landingText}</p>
        <form method="post" action={`/customer/${c.req.param('token')}`}>
          <input type="hidden" name="to" value={c.req.valid('query').to} />
          <button type="submit" class="button">
            {words.continue}
          </button>
        </form>
        <p class="note">{words.landingPersonal}</p>
      </Sheet>,
      200,
    );
  })
  .post(
    '/customer/:token',
    accepts('application/x-www-form-urlencoded'),
    validate('form', wanted),
    async (c) => {
      const token = c.req.param('token');
      const read = readToken(token);
      if (read === null) {
        return linkInvalidPage(c, orgCodeShownBy(token));
      }
      await shieldLinks(c);
      const secret = mintSessionSecret();
      const opened = await asVisitor(c).openLink(await hashSecret(token), await hashSecret(secret));
      setRateLimit(c, opened.rateLimit);
      if (opened.status === 'rate_limited') {
        throw new AppError('rate_limited', 'the link is used up for this hour', {
          retryAfterSeconds: opened.rateLimit.resetSeconds,
        });
      }
      if (opened.status !== 'ok') {
        return linkInvalidPage(c, read.orgCode);
      }
      for (const cookie of sessionCookies(secret, read.orgCode, opened.linkId)) {
        c.header('Set-Cookie', cookie, { append: true });
      }
      c.header('Cache-Control', 'no-store');
      return c.redirect(c.req.valid('form').to, 303);
    },
  );
