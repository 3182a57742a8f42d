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

/** Longer than the database takes to look for someone and to write to them. */
const ANSWER_MS = 250;

const orgCode = z.string().regex(/^[0-9A-Za-z]{6}$/);
// No control characters: Postgres' text cannot hold a NUL.
const who = z
  .string()
  .trim()
  .min(1)
  .max(254)
  .regex(/^\P{Cc}*$/u);
const byCustomer = z.object({ org: orgCode, customer: who });
/** The signed-out page's button names no address: the link's id is in its cookie. */
const byLink = z.object({ org: orgCode, link: z.literal('remembered') });
type Asked = z.infer<typeof byCustomer> | z.infer<typeof byLink>;

/** @throws AppError `invalid`, naming every wrong field */
function parseAsked(body: unknown): Asked {
  const given = typeof body === 'object' && body !== null ? body : {};
  const parsed = ('link' in given ? byLink : byCustomer).safeParse(given);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path, message }) => [path.join('.'), message]);
    throw new AppError('invalid', 'the request does not validate', {
      fields: Object.fromEntries(fields),
    });
  }
  return parsed.data;
}

async function queue(c: Context<AppEnv>, wanted: Asked): Promise<void> {
  const { success } = await c.env.ports.shields.requests.limit({ key: clientAddress(c) });
  if (!success) {
    throw new AppError('rate_limited', 'too many link requests', { retryAfterSeconds: 60 });
  }
  const remembered = 'link' in wanted ? readRememberedLink(c.req.raw.headers) : null;
  const who = 'customer' in wanted ? wanted.customer : '';
  if (who !== '' || remembered !== null) {
    const requested = asVisitor(c).requestLink({
      orgCode: wanted.org,
      who,
      linkId: remembered?.linkId ?? null,
    });
    // Writing a letter takes longer than finding nobody: how soon the answer comes must not tell.
    await Promise.all([requested, new Promise((resolve) => setTimeout(resolve, ANSWER_MS))]);
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
    const wanted = parseAsked(body);
    await queue(c, wanted);
    if (!isForm) {
      return c.json({ status: 'accepted' as const }, 202);
    }
    const supplier = await supplierOf(c, wanted.org).catch(() => null);
    const locale = localeOf(c.req.raw.headers, supplier?.brand.locale);
    const words = WORDS[locale];
    setPageHeaders(c, { scripts: false });
    return c.html(
      <Sheet locale={locale} title={words.sentTitle} supplier={supplier}>
        <p>{words.sentText}</p>
      </Sheet>,
      202,
    );
  },
);
