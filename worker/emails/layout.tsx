import type { Locale } from '../vocabulary.ts';

/** A letter's content, in the order in which it is read. All of it is text: JSX escapes it. */
export type Sheet = {
  language: Locale;
  subject: string;
  orgName: string;
  colour: string;
  ink: string;
  greeting: string;
  heading: string;
  body: string;
  /** Somebody's own words, line by line. */
  quote: readonly string[];
  /** What is told of, each under its own name. */
  groups?: readonly { title: string; lines: readonly string[] }[];
  button: string;
  url: string;
  until: string | null;
  openByHand: string;
  /** What to know about the link. */
  notes: string[];
  questions: string;
  contact: string[];
  why: string;
  /** How to have no more such mail; null where there is no less of it to be had. */
  unsubscribe: { words: string; link: string; url: string } | null;
};

const FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const PAPER = '#f6f4ef';
const SHEET = '#ffffff';
const TEXT = '#23211d';
const MUTED = '#625e56';
const HAIRLINE = '#e2ded5';

// Only what inline styles cannot say. Outlook reads none of it and shows the light sheet.
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) { .pad { padding-left: 20px !important; padding-right: 20px !important; } }
@media (prefers-color-scheme: dark) {
  .paper { background: #171613 !important; }
  .sheet { background: #211f1b !important; border-right-color: #3a372f !important; border-bottom-color: #3a372f !important; border-left-color: #3a372f !important; }
  .text { color: #ece8df !important; }
  .muted { color: #aaa498 !important; }
  .line { border-color: #3a372f !important; }
}`;

const text = {
  margin: '0 0 16px',
  color: TEXT,
  'font-family': FONT,
  'font-size': '16px',
  'line-height': '24px',
};
const small = {
  ...text,
  margin: '0 0 8px',
  color: MUTED,
  'font-size': '14px',
  'line-height': '20px',
};
const cell = { padding: '0 32px' };

/**
 * The sheet of paper that every letter is printed on. Tables with fixed widths, since Outlook lays
 * out with Word; the accent is the supplier's colour, as a rule above and on the one button.
 */
export function Layout({ sheet }: { sheet: Sheet }) {
  return (
    <html lang={sheet.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        {/* Or a phone makes links of numbers and dates. */}
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{sheet.subject}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body class="paper" style={{ margin: '0', padding: '0', background: PAPER }}>
        {/* What a mail program shows beside the subject. */}
        <div style={{ display: 'none', 'max-height': '0', overflow: 'hidden' }}>{sheet.body}</div>
        <table
          role="presentation"
          class="paper"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border={0}
          bgcolor={PAPER}
          // Fixed, or a narrow screen does not narrow the sheet.
          style={{ background: PAPER, width: '100%', 'table-layout': 'fixed' }}
        >
          <tr>
            <td align="center" style={{ padding: '24px 12px' }}>
              <table
                role="presentation"
                class="sheet"
                width="560"
                cellpadding="0"
                cellspacing="0"
                border={0}
                bgcolor={SHEET}
                style={{
                  width: '560px',
                  'max-width': '100%',
                  background: SHEET,
                  border: `1px solid ${HAIRLINE}`,
                  'border-top': `6px solid ${sheet.colour}`,
                  'text-align': 'left',
                }}
              >
                <Content sheet={sheet} />
                <Foot sheet={sheet} />
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
}

function Content({ sheet }: { sheet: Sheet }) {
  return (
    <tr>
      <td class="pad" style={{ ...cell, padding: '28px 32px 8px' }}>
        <p class="text" style={{ ...text, margin: '0 0 28px', 'font-weight': '600' }}>
          {sheet.orgName}
        </p>
        <h1
          class="text"
          style={{ ...text, margin: '0 0 20px', 'font-size': '24px', 'line-height': '30px' }}
        >
          {sheet.heading}
        </h1>
        <p class="text" style={text}>
          {sheet.greeting}
        </p>
        <p class="text" style={text}>
          {sheet.body}
        </p>
        {sheet.quote.length > 0 && (
          <p
            class="text line"
            style={{
              ...text,
              padding: '4px 0 4px 16px',
              'border-left': `4px solid ${HAIRLINE}`,
              'word-break': 'break-word',
            }}
          >
            {sheet.quote.map((line, at) => (
              <>
                {at > 0 && <br />}
                {line}
              </>
            ))}
          </p>
        )}
        {sheet.groups?.map(({ title, lines }) => (
          <>
            <h2 class="text" style={{ ...text, margin: '0 0 4px', 'font-weight': '600' }}>
              {title}
            </h2>
            <p class="text" style={{ ...text, 'word-break': 'break-word' }}>
              {lines.map((line, at) => (
                <>
                  {at > 0 && <br />}
                  {line}
                </>
              ))}
            </p>
          </>
        ))}
        <Button sheet={sheet} />
        {sheet.until !== null && (
          <p class="text" style={text}>
            {sheet.until}
          </p>
        )}
        {sheet.notes.map((note) => (
          <p class="muted" style={small}>
            {note}
          </p>
        ))}
        <p class="muted" style={{ ...small, margin: '16px 0 4px' }}>
          {sheet.openByHand}
        </p>
        <p class="muted" style={{ ...small, margin: '0 0 20px', 'word-break': 'break-all' }}>
          {sheet.url}
        </p>
      </td>
    </tr>
  );
}

// The border is the padding: Outlook ignores a link's padding and keeps its border, so the whole
// button can be clicked there too.
function Button({ sheet }: { sheet: Sheet }) {
  return (
    <table
      role="presentation"
      cellpadding="0"
      cellspacing="0"
      border={0}
      style={{ margin: '8px 0 24px' }}
    >
      <tr>
        <td bgcolor={sheet.colour} style={{ background: sheet.colour, 'border-radius': '6px' }}>
          <a
            href={sheet.url}
            style={{
              display: 'inline-block',
              background: sheet.colour,
              border: `solid ${sheet.colour}`,
              'border-width': '13px 28px',
              'border-radius': '6px',
              color: sheet.ink,
              'font-family': FONT,
              'font-size': '17px',
              'font-weight': '600',
              'line-height': '24px',
              'text-decoration': 'none',
            }}
          >
            {sheet.button}
          </a>
        </td>
      </tr>
    </table>
  );
}

function Foot({ sheet }: { sheet: Sheet }) {
  return (
    <tr>
      <td
        class="pad line"
        style={{ padding: '20px 32px 24px', 'border-top': `1px solid ${HAIRLINE}` }}
      >
        {sheet.contact.length > 0 && (
          <p class="muted" style={small}>
            {sheet.questions}
            {sheet.contact.map((line) => (
              <>
                <br />
                {line}
              </>
            ))}
          </p>
        )}
        <p class="muted" style={{ ...small, margin: '0' }}>
          {sheet.why}
        </p>
        {sheet.unsubscribe !== null && (
          <p class="muted" style={{ ...small, margin: '8px 0 0' }}>
            {sheet.unsubscribe.words}{' '}
            <a class="muted" href={sheet.unsubscribe.url} style={{ color: MUTED }}>
              {sheet.unsubscribe.link}
            </a>
          </p>
        )}
      </td>
    </tr>
  );
}
