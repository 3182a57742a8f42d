import { html, raw } from 'hono/html';
import type { AccessPerson } from './access.ts';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
    --ink: light-dark(#1d1b16, #ece8df); --soft: light-dark(#6a6457, #a49d8e);
    --paper: light-dark(#faf8f3, #191815); --card: light-dark(#fff, #22201c);
    --line: light-dark(#e3ded2, #38352e); --accent: light-dark(#1b5e8c, #83bfe8) }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--paper); color: var(--ink) }
  main { max-width: 30rem; margin: 0 auto; padding: 2.5rem 1rem }
  h1 { font-size: 1.35rem; margin: 0 } h2 { font-size: 1rem; margin: 1.75rem 0 .5rem }
  p, small { color: var(--soft) } p { margin: .25rem 0 0 }
  form { margin: 0 0 .5rem }
  button { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; width: 100%;
    min-height: 56px; padding: .6rem 1rem; font: inherit; text-align: start; color: inherit;
    background: var(--card); border: 1px solid var(--line); border-radius: .6rem; cursor: pointer }
  button:hover, button:focus-visible { border-color: var(--accent) }
  button strong { font-weight: 600 } button small { grid-column: 1; overflow-wrap: anywhere }
  button span { grid-area: 1 / 2 / 3 / 3; align-self: center; color: var(--accent) }
  [role=status] { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .6rem;
    color: inherit; margin-bottom: 1.5rem }`;

/** The sign-in page: one button a person, grouped by org. */
export function signInPage(
  people: AccessPerson[],
  { redirect, notice }: { redirect: string; notice?: string },
) {
  const orgs = [...Map.groupBy(people, ({ org }) => org)];
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sign in</title><style>${raw(STYLE)}</style></head><body><main>
    ${notice ? html`<p role="status">${notice}</p>` : ''}
    <h1>Who are you today?</h1>
    <p>This page stands in for Cloudflare Access on this machine. It asks for no password.</p>
    ${orgs.map(
      ([org, members]) =>
        html`<h2>${org}</h2>${members.map(
          ({ email, name, role }) => html`<form method="post" action="/sign-in">
          <input type="hidden" name="email" value="${email}">
          <input type="hidden" name="redirect" value="${redirect}">
          <button><strong>${name}</strong><small>${email}</small><span>${role}</span></button>
        </form>`,
        )}`,
    )}</main></body></html>`;
}
