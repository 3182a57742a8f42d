/** XML as text: elements that are nested, escaped, and hold no character that XML cannot. */

export type Xml = { xml: string };

/** XML 1.0, §2.2: what no document may hold, escaped or not. */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string) =>
  text.replace(IMPOSSIBLE, '').replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');

/** An element of text, or of elements; those that are null are left out. */
export function tag(
  name: string,
  content: string | readonly (Xml | null)[],
  attributes: Record<string, string> = {},
): Xml {
  const inner =
    typeof content === 'string'
      ? escaped(content)
      : content.map((child) => child?.xml ?? '').join('');
  const more = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return { xml: `<${name}${more.join('')}>${inner}</${name}>` };
}

/** A whole file. */
export const xmlFile = (root: Xml) => `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
