import { html } from 'hono/html';
import { page } from './page.ts';

/** A demo person; `role` and `org` are for the page, Access knows only the email. */
export type AccessPerson = { email: string; name: string; role: string; org: string };

const STYLE = `
  main { max-width: 30rem; margin: 0 auto; padding: 2.5rem 1rem }
  h2 { font-size: 1rem; margin: 1.75rem 0 .5rem }
  p { margin: .25rem 0 0 }
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
  return page(
    'Sign in',
    STYLE,
    html`
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
    )}`,
  );
}
