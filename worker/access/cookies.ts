/** The value of a cookie of a request, or null. Names are compared to the letter. */
export function readCookie(headers: Headers, name: string): string | null {
  for (const pair of (headers.get('Cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    // RFC 6265, 4.1.1: a value may hold the sign itself.
    if (at !== -1 && pair.slice(0, at).trim() === name) {
      return pair.slice(at + 1).trim();
    }
  }
  return null;
}
