/** What a person sees instead of a page: what happened, in their language, and what to do next. */
import type { Context } from 'hono';
import { type AppEnv, asVisitor } from '../../access/guards.ts';
import { readRememberedLink } from '../../access/sessions.ts';
import { plainPage, wantedPageCookie } from '../../access/wanted-page.ts';
import { readBrand } from '../../brand.ts';
import type { LinkDescription } from '../../database/context.ts';
import type { AppError } from '../../errors.ts';
import type { Locale } from '../../vocabulary.ts';
import { setPageHeaders } from './headers.ts';
import { localeOf } from './locale.ts';
import { RequestForm, Sheet, type Supplier } from './sheet.tsx';
import { WORDS, type Words } from './words.ts';

/** The supplier of a code, or null when it has no public face (or is not there). */
export async function supplierOf(c: Context<AppEnv>, orgCode: string | null): Promise<Supplier> {
  const brand = orgCode === null ? null : await readBrand(c.env.ports.bucket, orgCode);
  return brand === null || orgCode === null ? null : { code: orgCode, brand };
}

/** As {@link supplierOf}; a page that explains a fault must not fail over a logo. */
async function supplierIfAnswering(c: Context<AppEnv>, orgCode: string | null): Promise<Supplier> {
  return supplierOf(c, orgCode).catch(() => null);
}

/**
 * The answer to a link that opens nothing: one for unknown, expired, revoked and mangled alike, with
 * a way to a new one as long as the link says whose it was.
 */
export async function linkInvalidPage(c: Context<AppEnv>, orgCode: string | null) {
  const supplier = await supplierIfAnswering(c, orgCode);
  const locale = localeOf(c.req.raw.headers, supplier?.brand.locale);
  const words = WORDS[locale];
  setPageHeaders(c, { scripts: false });
  return c.html(
    <Sheet locale={locale} title={words.invalidTitle} supplier={supplier}>
      <p>{orgCode === null ? words.mangledText : words.invalidText}</p>
      {orgCode !== null && <RequestForm code={orgCode} words={words} />}
    </Sheet>,
    401,
  );
}

/** A sentence that ends with a company's "Inc." or "o.o." needs no second full stop. */
const oneStop = (sentence: string) => sentence.replace(/\.\.$/, '.');

/** The day of a moment where the supplier is; of a time zone that only the database knows, in UTC. */
function dayOf(moment: string, locale: Locale, timeZone: string): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  const date = new Date(moment);
  try {
    return date.toLocaleDateString(locale, { ...options, timeZone });
  } catch {
    return date.toLocaleDateString(locale, { ...options, timeZone: 'UTC' });
  }
}

type Ended = { link: LinkDescription; locale: Locale; supplier: Supplier };

function EndedFacts({ link, locale, supplier }: Ended) {
  const words = WORDS[locale];
  const until = dayOf(link.expiresAt, locale, supplier?.brand.timeZone ?? 'UTC');
  return (
    <>
      <p class="facts">
        {oneStop(
          link.contactName
            ? words.endedOf(link.contactName, link.customerName)
            : words.endedOfCustomer(link.customerName),
        )}
      </p>
      {link.active && <p>{words.endedUntil(until)}</p>}
    </>
  );
}

/** Keeps the page that was asked for, so that whoever is let in again lands on it; says whether there is one. */
function keepWanted(c: Context<AppEnv>): boolean {
  const page = c.req.method === 'GET' ? plainPage(new URL(c.req.url)) : null;
  if (page === null || page === '/') {
    return false;
  }
  c.header('Set-Cookie', wantedPageCookie(page), { append: true });
  return true;
}

/** Signed out, or never in: whose link it was, until when it works, and a new one in one tap. */
export async function signedOutPage(c: Context<AppEnv>) {
  const comesBack = keepWanted(c);
  const remembered = readRememberedLink(c.req.raw.headers);
  setPageHeaders(c, { scripts: false });
  if (remembered === null) {
    const locale = localeOf(c.req.raw.headers);
    const words = WORDS[locale];
    return c.html(
      <Sheet locale={locale} title={words.noneTitle} supplier={null}>
        <p>{words.noneText}</p>
      </Sheet>,
      401,
    );
  }
  const [supplier, link] = await Promise.all([
    supplierIfAnswering(c, remembered.orgCode),
    asVisitor(c).describeLink(remembered.linkId),
  ]);
  const locale = localeOf(c.req.raw.headers, supplier?.brand.locale, link?.chosenLanguage);
  const words = WORDS[locale];
  if (link?.isPreview) {
    return c.html(
      <Sheet locale={locale} title={words.previewTitle} supplier={supplier}>
        <p class="facts">
          {oneStop(
            link.contactName
              ? words.previewOf(link.contactName, link.customerName)
              : words.endedOfCustomer(link.customerName),
          )}
        </p>
        <p>{words.previewText}</p>
      </Sheet>,
      401,
    );
  }
  return c.html(
    <Sheet locale={locale} title={words.endedTitle} supplier={supplier}>
      {link && <EndedFacts link={link} locale={locale} supplier={supplier} />}
      <p>
        {link?.active === false ? words.endedGone : words.endedText}
        {comesBack && ` ${words.endedBack}`}
      </p>
      {link?.active ? (
        <form method="post" action="/api/portal/link-requests">
          <input type="hidden" name="org" value={remembered.orgCode} />
          <input type="hidden" name="link" value="remembered" />
          <button type="submit" class="button">
            {words.sendNew}
          </button>
        </form>
      ) : (
        <RequestForm code={remembered.orgCode} words={words} />
      )}
    </Sheet>,
    401,
  );
}

function wordsOf(
  error: AppError,
  locale: Locale,
  requestId: string,
): [title: string, text: string] {
  const words = WORDS[locale];
  switch (error.code) {
    case 'rate_limited': {
      const minutes = Math.ceil((error.retryAfterSeconds ?? 60) / 60);
      return [words.limitedTitle, words.limitedText(minutes)];
    }
    case 'unavailable':
    case 'access_unavailable':
      return [words.downTitle, words.downText];
    case 'not_found':
    case 'document_unavailable':
      return [words.notFoundTitle, words.notFoundText];
    case 'access_required':
    case 'access_denied':
    case 'forbidden':
      return [words.noAccessTitle, words.noAccessText];
    default:
      return [words.errorTitle, words.errorText(requestId)];
  }
}

const OTHER_PAGE = /^\/(?:customer\/|unsubscribe\/|admin(?:\/|$))/;
/** The same page, asked for the same; the first page for what is none of ours. */
function samePage(c: Context<AppEnv>): string {
  const { path, url } = c.req;
  return plainPage(new URL(url)) ?? (OTHER_PAGE.test(path) ? path : '/');
}

/** Where to go from a refusal: the first page, or the same one again once the fault is over. */
function wayOn(c: Context<AppEnv>, error: AppError, words: Words): [label: string, href: string] {
  switch (error.code) {
    case 'rate_limited':
    case 'unavailable':
    case 'access_unavailable':
    case 'internal':
      return [words.tryAgain, samePage(c)];
    default:
      return [words.home, c.req.path.startsWith('/admin') ? '/admin' : '/'];
  }
}

/** A refusal as a page. `session_expired` and `link_invalid` have pages of their own. */
export async function refusalPage(c: Context<AppEnv>, error: AppError) {
  if (error.code === 'session_expired') {
    return signedOutPage(c);
  }
  if (error.code === 'link_invalid') {
    return linkInvalidPage(c, readRememberedLink(c.req.raw.headers)?.orgCode ?? null);
  }
  const remembered = readRememberedLink(c.req.raw.headers);
  const supplier = await supplierIfAnswering(c, remembered?.orgCode ?? null);
  const locale = localeOf(c.req.raw.headers, supplier?.brand.locale);
  const [title, text] = wordsOf(error, locale, c.var.requestId);
  const [label, href] = wayOn(c, error, WORDS[locale]);
  if (error.code === 'rate_limited' && error.retryAfterSeconds !== undefined) {
    // The page loads itself again when the hour is over: until then it would only be refused.
    c.header('Refresh', String(error.retryAfterSeconds));
  }
  setPageHeaders(c, { scripts: false });
  return c.html(
    <Sheet locale={locale} title={title} supplier={supplier}>
      <p>{text}</p>
      <a class="button" href={href}>
        {label}
      </a>
    </Sheet>,
    error.status,
  );
}
