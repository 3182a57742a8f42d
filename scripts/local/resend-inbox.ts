import { html } from 'hono/html';
import { page } from './page.ts';
import type { ReceivedMail } from './resend-store.ts';

const STYLE = `
  main { max-width: 56rem; margin: 0 auto; padding: 1rem 1rem 3rem }
  ul { list-style: none; margin: 1rem 0; padding: 0; border: 1px solid var(--line);
    border-radius: .6rem; background: var(--card); overflow: hidden }
  li + li { border-top: 1px solid var(--line) }
  li a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .75rem 1rem;
    min-height: 48px; text-decoration: none; color: inherit; overflow-wrap: anywhere }
  li a:hover, li a:focus-visible { background: color-mix(in srgb, var(--accent) 9%, transparent) }
  li strong { grid-column: 1 / -1; font-weight: 600 } li span, time { font-size: .9rem; color: var(--soft) }
  time { font-variant-numeric: tabular-nums; white-space: nowrap }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0 }
  dd { margin: 0; overflow-wrap: anywhere }
  iframe { width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: .6rem;
    background: #fff; color-scheme: light; margin-bottom: 1rem }
  details { border-top: 1px solid var(--line) } details:last-of-type { border-bottom: 1px solid var(--line) }
  summary { padding: .75rem 0; min-height: 48px; cursor: pointer; font-weight: 600 }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 1rem; font-size: .9rem }
  .back { display: inline-block; padding: .75rem 0; min-height: 48px }
  @media (max-width: 30rem) { li a { grid-template-columns: 1fr } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } }`;

/** The list of mails, newest first. */
export function inboxPage(mails: ReceivedMail[]) {
  const list = html`<ul>${mails.map(
    (mail) => html`<li><a href="/mails/${mail.id}"><strong>${mail.subject}</strong>
      <span>${mail.to.join(', ')}</span>${when(mail)}</a></li>`,
  )}</ul>`;
  const empty = html`<p>No mail yet. What the portal sends lands here, and nowhere else.</p>`;
  return page('Inbox · Local mail', STYLE, html`<h1>Inbox</h1>${mails.length > 0 ? list : empty}`);
}

/** One mail: as it looks, as text, and its headers. */
export function mailPage(mail: ReceivedMail) {
  const people = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Cc', mail.cc.join(', ')],
    ['Bcc', mail.bcc.join(', ')],
    ['Reply to', mail.replyTo.join(', ')],
  ].filter(([, value]) => value !== '');
  // No scripts inside, so that the mail stays as inert as in a mail program; its links open in a
  // new tab that is not sandboxed. Same origin only so that the frame can be measured from here.
  const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';
  return page(
    `${mail.subject} · Local mail`,
    STYLE,
    html`<a class="back" href="/">← Inbox</a>
      <h1>${mail.subject}</h1>
      <dl>${people.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
        <dt>Sent</dt><dd>${when(mail)}</dd></dl>
      ${mail.html === '' ? html`<pre>${mail.text}</pre>` : html`<iframe title="The mail" sandbox="${sandbox}" srcdoc="${withNewTabs(mail.html)}"></iframe>`}
      <details><summary>Text version</summary><pre>${mail.text || 'None.'}</pre></details>
      <details><summary>Headers and tags</summary><pre>${headerLines(mail)}</pre></details>
      ${mail.html === '' ? '' : html`<p><a href="/mails/${mail.id}.html">Raw HTML</a></p>`}
      <script>
        for (const frame of document.querySelectorAll('iframe')) {
          const fit = () => {
            const root = frame.contentDocument?.documentElement;
            if (!root) return;
            frame.style.height = '0';
            frame.style.height = root.scrollHeight + 2 + 'px';
          };
          frame.addEventListener('load', fit);
          addEventListener('resize', fit);
          fit();
        }
      </script>`,
  );
}

/** Says that a mail is not here (any more). */
export function missingPage() {
  return page(
    'Not here · Local mail',
    STYLE,
    html`<a class="back" href="/">← Inbox</a><h1>This mail is not here.</h1>
      <p>The inbox may have been emptied since.</p>`,
  );
}

// Inside the head where there is one: in front of the doctype it would switch to quirks mode.
function withNewTabs(mailHtml: string): string {
  const base = '<base target="_blank">';
  const placed = mailHtml.replace(/<head(\s[^>]*)?>/i, (head) => head + base);
  return placed === mailHtml ? base + mailHtml : placed;
}

function headerLines(mail: ReceivedMail): string {
  const headers = Object.entries(mail.headers).map(([name, value]) => `${name}: ${value}`);
  const tags = mail.tags.map(({ name, value }) => `tag ${name}: ${value}`);
  return [...headers, ...tags].join('\n') || 'None.';
}

function when(mail: ReceivedMail) {
  const shown = mail.createdAt.slice(0, 19).replace('T', ' ');
  return html`<time datetime="${mail.createdAt}">${shown} UTC</time>`;
}
