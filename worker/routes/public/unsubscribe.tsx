import { type Context, Hono } from 'hono';
import { type AppEnv, asVisitor, shieldLinks } from '../../access/guards.ts';
import { hashSecret, isUnsubscribeKey } from '../../access/tokens.ts';
import type { Subscription } from '../../database/context.ts';
import { setPageHeaders } from '../pages/headers.ts';
import { localeOf } from '../pages/locale.ts';
import { supplierOf } from '../pages/refusal.tsx';
import { Sheet } from '../pages/sheet.tsx';
import { UNSUBSCRIBE_WORDS } from '../pages/unsubscribe-words.ts';

/** One answer for a key that never was, was cut short or is forgotten by now: it tells of nobody. */
function unknownPage(c: Context<AppEnv>) {
  const locale = localeOf(c.req.raw.headers);
  const words = UNSUBSCRIBE_WORDS[locale];
  setPageHeaders(c, { scripts: false });
  return c.html(
    <Sheet locale={locale} title={words.unknownTitle} supplier={null}>
      <p>{words.unknownText}</p>
    </Sheet>,
    404,
  );
}

async function drawn(
  c: Context<AppEnv>,
  { topic, orgCode, orgName }: Subscription,
  isDone: boolean,
) {
  // A page that ends mail must not fail over a logo.
  const supplier = await supplierOf(c, orgCode).catch(() => null);
  const locale = localeOf(c.req.raw.headers, supplier?.brand.locale);
  const words = UNSUBSCRIBE_WORDS[locale];
  setPageHeaders(c, { scripts: false });
  if (isDone) {
    return c.html(
      <Sheet locale={locale} title={words.doneTitle} supplier={supplier}>
        <p>{words.doneText(words.topics[topic], orgName)}</p>
        <p class="note">
          {words.undo} <a href="/details">{words.toDetails}</a>
        </p>
      </Sheet>,
      200,
    );
  }
  return c.html(
    <Sheet locale={locale} title={words.title} supplier={supplier}>
      <p>{words.text(words.topics[topic], orgName)}</p>
      <form method="post">
        <button type="submit" class="button">
          {words.confirm}
        </button>
      </form>
      <p class="note">{words.stays}</p>
    </Sheet>,
    200,
  );
}

/**
 * The link at a letter's foot. Its GET is inert, since scanners follow links; the POST is the page's
 * button or a mail provider's own (RFC 8058), which brings no cookie, no origin and any body.
 */
export const unsubscribe = new Hono<AppEnv>()
  .get('/unsubscribe/:key', async (c) => {
    const key = c.req.param('key');
    if (!isUnsubscribeKey(key)) {
      return unknownPage(c);
    }
    await shieldLinks(c);
    const found = await asVisitor(c).describeUnsubscribe(await hashSecret(key));
    return found === null ? unknownPage(c) : drawn(c, found, false);
  })
  .post('/unsubscribe/:key', async (c) => {
    const key = c.req.param('key');
    if (!isUnsubscribeKey(key)) {
      return unknownPage(c);
    }
    await shieldLinks(c);
    const ended = await asVisitor(c).unsubscribe(await hashSecret(key));
    return ended === null ? unknownPage(c) : drawn(c, ended, true);
  });
