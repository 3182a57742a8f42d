import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asVisitor, clientAddress } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { readRememberedLink } from '../../access/sessions.ts';
import { AppError } from '../../errors.ts';
import { setPageHeaders } from '../pages/headers.ts';
import { localeOf } from '../pages/locale.ts';
import { supplierOf } from '../pages/refusal.tsx';
import { Sheet } from '../pages/sheet.tsx';
import { WORDS } from '../pages/words.ts';

const orgCode = z.string().regex(/^[0-9A-Za-z]{6}$/);
const who = z.string().trim().min(1).max(254);
/** The signed-out page's button names no address: the link's id is in its cookie. */
const asked = z.union([
  z.object({ org: orgCode, customer: who }),
  z.object({ org: orgCode, link: z.literal('remembered') }),
]);

async function queue(c: Context<AppEnv>, wanted: z.infer<typeof asked>): Promise<void> {
  const { success } = await c.env.ports.shields.requests.limit({ key: clientAddress(c) });
  if (!success) {
    throw new AppError('rate_limited', 'too many link requests', { retryAfterSeconds: 60 });
  }
  const remembered = 'link' in wanted ? readRememberedLink(c.req.raw.headers) : null;
  const who = 'customer' in wanted ? wanted.customer : '';
  if (who !== '' || remembered !== null) {
    await asVisitor(c).requestLink({
      orgCode: wanted.org,
      who,
      linkId: remembered?.linkId ?? null,
    });
    c.env.kick('deliver-mail');
  }
}

/** "Send me a new link": the same answer for everyone, and a mail for those whom the org knows. */
export const linkRequests = new Hono<AppEnv>().post(
  '/link-requests',
  accepts('application/json', 'application/x-www-form-urlencoded'),
  async (c) => {
    const isForm = !c.req.header('Content-Type')?.startsWith('application/json');
    const body = isForm ? await c.req.parseBody() : await c.req.json().catch(() => null);
    const parsed = asked.safeParse(body);
    if (!parsed.success) {
      throw new AppError('invalid', 'the request does not validate', {
        fields: { customer: 'an e-mail address or a customer code' },
      });
    }
    await queue(c, parsed.data);
    if (!isForm) {
      return c.json({ status: 'accepted' as const }, 202);
    }
    const locale = localeOf(c.req.raw.headers);
    const words = WORDS[locale];
    const supplier = await supplierOf(c, parsed.data.org).catch(() => null);
    setPageHeaders(c, { scripts: false });
    return c.html(
      <Sheet locale={locale} title={words.sentTitle} supplier={supplier}>
        <p>{words.sentText}</p>
      </Sheet>,
      202,
    );
  },
);
