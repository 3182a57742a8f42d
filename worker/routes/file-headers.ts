import type { Disposition } from '../vocabulary.ts';

/** A name that is safe in a header: ASCII, no quotes, no separators (RFC 6266, appendix D). */
function asciiName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]|["\\/:*?<>|]/g, '_');
}

/** A name as RFC 8187 encodes it, for clients that know UTF-8. */
function encodedName(name: string): string {
  return encodeURIComponent(name.replace(/[\\/]/g, '_')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The headers of a file that is only ever saved. Its length is set by whoever knows it. */
export function attachmentHeaders(name: string, contentType: string): Headers {
  return new Headers({
    'Content-Type': contentType,
    'Content-Disposition': disposed('attachment', name),
    'Cache-Control': 'private, no-store',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  });
}

const disposed = (disposition: Disposition, name: string) =>
  `${disposition}; filename="${asciiName(name)}"; filename*=UTF-8''${encodedName(name)}`;

/**
 * The headers of a PDF. Chromium's viewer does not run inside a sandbox, so an inline one is framed
 * by ourselves only; an attachment may do nothing at all.
 */
export function fileHeaders(name: string, size: number, disposition: Disposition): Headers {
  const headers = attachmentHeaders(name, 'application/pdf');
  headers.set('Content-Length', String(size));
  if (disposition === 'inline') {
    headers.set('Content-Disposition', disposed('inline', name));
    headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'self'");
  }
  return headers;
}

/** The headers of a photo that somebody sent: shown as the image its bytes are, and nothing else. */
export function photoHeaders(name: string, size: number, mediaType: string): Headers {
  const headers = attachmentHeaders(name, mediaType);
  headers.set('Content-Disposition', disposed('inline', name));
  headers.set('Content-Length', String(size));
  return headers;
}
