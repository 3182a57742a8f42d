/** PDF files written by hand, object by object. */

/** A file of objects, numbered from 1 (the catalog), with its table of places. */
export function written(objects: readonly string[], version = '1.4'): Uint8Array {
  let text = `%PDF-${version}\n`;
  const places = objects.map((object, i) => {
    const place = String(text.length).padStart(10, '0');
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${place} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  const trailer = `trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`;
  return Uint8Array.from(text + table + trailer, (sign) => sign.charCodeAt(0));
}

/** A stream object of ASCII; `entries` go into its dictionary. */
export const stream = (content: string, entries = '') =>
  `<<${entries}/Length ${content.length}>>\nstream\n${content}\nendstream`;
