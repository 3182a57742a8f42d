/** The one sheet that every page without a bundle is drawn on: no script, one style sheet. */
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Brand } from '../../brand.ts';
import type { Locale } from '../../vocabulary.ts';
import { WORDS, type Words } from './words.ts';

/** A supplier and its code, or null where no link has said which. */
export type Supplier = { code: string; brand: Brand } | null;

export function Sheet(props: {
  locale: Locale;
  title: string;
  supplier: Supplier;
  children?: Child;
}) {
  const { locale, title, supplier, children } = props;
  const words = WORDS[locale];
  return (
    <>
      {html`<!doctype html>`}
      <html lang={locale}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex, noarchive" />
          <title>{supplier ? `${title} · ${supplier.brand.name}` : title}</title>
          <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/assets/public.css" />
          {supplier && <link rel="stylesheet" href={`/brand/${supplier.code}/accent.css`} />}
        </head>
        <body>
          <main class="sheet">
            {supplier && (
              <header class="brand">
                {supplier.brand.hasLogo && (
                  <img src={`/brand/${supplier.code}/logo`} alt="" height="40" />
                )}
                <span>{supplier.brand.name}</span>
              </header>
            )}
            <h1>{title}</h1>
            {children}
            {supplier && <Contact brand={supplier.brand} words={words} />}
          </main>
        </body>
      </html>
    </>
  );
}

/** Whom to ask: a link page without a way to a person is a dead end. */
function Contact({ brand, words }: { brand: Brand; words: Words }) {
  if (!brand.contactEmail && !brand.contactPhone) {
    return null;
  }
  return (
    <footer class="note">
      <strong>{words.contact}</strong>
      {brand.contactEmail && (
        <p>
          <a href={`mailto:${brand.contactEmail}`}>{brand.contactEmail}</a>
        </p>
      )}
      {brand.contactPhone && (
        <p>
          <a href={`tel:${brand.contactPhone.replace(/[^+\d]/g, '')}`}>{brand.contactPhone}</a>
        </p>
      )}
      {brand.contactHours && <p>{brand.contactHours}</p>}
    </footer>
  );
}

/** "Send me a new link": works without a script, and answers everyone alike. */
export function RequestForm({ code, words }: { code: string; words: Words }) {
  return (
    <form method="post" action="/api/portal/link-requests" class="field">
      <input type="hidden" name="org" value={code} />
      <label for="customer">{words.who}</label>
      <input
        id="customer"
        name="customer"
        type="text"
        required
        maxlength={254}
        autocomplete="email"
        autocapitalize="off"
        spellcheck={false}
      />
      <p>{words.whoHint}</p>
      <button type="submit" class="button">
        {words.sendNew}
      </button>
    </form>
  );
}
