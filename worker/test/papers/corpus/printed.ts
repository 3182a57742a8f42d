/** Papers as a browser prints them from HTML. */
import type { Browser } from 'playwright-core';
import type { Sheet } from './sheet.ts';

export const PRINTS = ['letterhead', 'two columns', 'wide', 'capitals', 'web shop'] as const;
export type Print = (typeof PRINTS)[number];

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`).replaceAll('\u00ad', '&shy;');
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  `<table><thead><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr></thead><tbody>
   ${rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
const block = (lines: readonly string[], name: string) =>
  `<div class="${name}">${lines.map(escapeHtml).join('<br>')}</div>`;

const STYLES: Record<Print, string> = {
  letterhead: '.address { float: left; width: 52% } .facts { margin-left: 55% } h1 { clear: both }',
  'two columns':
    'main { columns: 2; column-gap: 8mm } table { font-size: 7.5pt } .terms { break-before: column }',
  wide: 'body { font-family: "Liberation Serif" } .top { display: grid; grid-template-columns: 1fr 1fr 1fr }',
  capitals:
    '.address { text-transform: uppercase; font-weight: bold } h1, .letterhead { letter-spacing: .28em; text-transform: uppercase }',
  'web shop':
    'body { font-family: "DejaVu Sans"; font-size: 8pt } .facts div { display: inline-block; width: 30% } dt { color: #777 } table, th, td { border: 0.5pt solid #bbb } .address { border: 1pt dashed #999; padding: 3mm; width: 60% }',
};

const html = (
  sheet: Sheet,
  print: Print,
) => `<!doctype html><html lang="${sheet.language}"><meta charset="utf-8">
<title>${escapeHtml(sheet.title)}</title><style>
  body { font: 9.5pt/1.4 "Liberation Sans"; color: #111 }
  table { width: 100%; border-collapse: collapse; margin: 5mm 0 } th { text-align: left; border-bottom: 1pt solid }
  td { padding: 1mm 1.5mm 1mm 0; vertical-align: top } td:nth-child(n + 4) { text-align: right; white-space: nowrap }
  .letterhead { border-bottom: 2pt solid #0a5a66; margin-bottom: 9mm; font-size: 8pt }
  .facts div { display: flex; gap: 3mm } dt { min-width: 32mm } dd { margin: 0 }
  .totals { margin-left: 50%; width: 50% } .totals tr:last-child { font-weight: bold }
  ${STYLES[print]}</style>
<body>${block(sheet.letterhead, 'letterhead')}
<main><div class="top">${block(sheet.address, 'address')}${block(sheet.shipTo, 'ship-to')}
<dl class="facts">${sheet.facts.map(([label, value]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl></div>
<h1>${escapeHtml(sheet.title)}</h1>${table(sheet.head, sheet.rows)}
<table class="totals">${sheet.totals.map(([label, value]) => `<tr><td>${escapeHtml(label)}<td><td><td>${escapeHtml(value)}</tr>`).join('')}</table>
${sheet.notes.map((note) => `<p>${escapeHtml(note)}`).join('')}
<div class="terms">${sheet.terms.map((text) => `<p>${escapeHtml(text)}`).join('')}</div></main>`;

/** @returns the file, with the bank's lines at the foot of every page */
export async function print(browser: Browser, sheet: Sheet, how: Print): Promise<Uint8Array> {
  const page = await browser.newPage();
  try {
    await page.setContent(html(sheet, how));
    const foot = sheet.footer.map(escapeHtml).join('<br>');
    const bytes = await page.pdf({
      format: how === 'web shop' ? 'Letter' : 'A4',
      landscape: how === 'wide',
      margin: { top: '16mm', bottom: '22mm', left: '18mm', right: '14mm' },
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: `<div style="font: 6pt 'Liberation Sans'; margin: 0 18mm">${foot} · <span class="pageNumber"></span>/<span class="totalPages"></span></div>`,
      tagged: how !== 'web shop',
    });
    return new Uint8Array(bytes);
  } finally {
    await page.close();
  }
}
