/** The portal's pages by their addresses; the first pattern that fits is the page. */
export const PORTAL_PATTERNS = [
  '/',
  '/documents',
  '/invoices',
  '/invoices/:id',
  '/payments',
  '/insights',
  '/details',
  '/exports',
  '/help',
  '/orders',
  '/orders/:id',
  '/orders/:id/report',
  '/statement',
  '/issues/:id',
] as const;
export type PortalPattern = (typeof PORTAL_PATTERNS)[number];

/** Links to these are pages of ours; all others (files, mail, the API) are the browser's. */
export const SCOPE = new RegExp(
  `^(?:${PORTAL_PATTERNS.map((pattern) => pattern.replace(/:\w+/g, '[^/?#]+')).join('|')})(?:[?#]|$)`,
);
