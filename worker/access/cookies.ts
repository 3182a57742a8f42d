/** The value of a cookie of a request, or null. Names are compared to the letter. */
export function readCookie(headers: Headers, name: string): string | null {
  for (const pair of (headers.get('Cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) {
      return value;
    }
  }
  return null;
}
