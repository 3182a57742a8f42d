import { html, raw } from 'hono/html';

const BASE_STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
    --ink: light-dark(#1d1b16, #ece8df); --soft: light-dark(#6a6457, #a49d8e);
    --paper: light-dark(#faf8f3, #191815); --card: light-dark(#fff, #22201c);
    --line: light-dark(#e3ded2, #38352e); --accent: light-dark(#1b5e8c, #83bfe8) }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--paper); color: var(--ink) }
  h1 { font-size: 1.35rem; line-height: 1.3; margin: .5rem 0; overflow-wrap: anywhere }
  a { color: var(--accent) } p, time, dt, small { color: var(--soft) }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }`;

/** A page of the local servers: one look, no outside assets. `title` is escaped, `style` is CSS. */
export function page(title: string, style: string, body: ReturnType<typeof html>) {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,"><title>${title}</title>
    <style>${raw(BASE_STYLE)}${raw(style)}</style></head>
    <body><main>${body}</main></body></html>`;
}
