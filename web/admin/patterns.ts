/** The console's pages by their addresses; the first pattern that fits is the page. */
export const CONSOLE_PATTERNS = [
  '/admin/:org',
  '/admin/:org/publishes',
  '/admin/:org/publishes/new',
  '/admin/:org/publishes/:id',
  '/admin/:org/publishes/:id/exposure-report',
  '/admin/:org/documents/:kind/:number',
  '/admin/:org/customers',
  '/admin/:org/customers/:id',
  '/admin/:org/issues',
  '/admin/:org/issues/:id',
  '/admin/:org/feedback',
  '/admin/:org/change-requests',
  '/admin/:org/exposures',
  '/admin/:org/exports',
  '/admin/:org/trace',
  '/admin/:org/trace/:reference',
  '/admin/:org/alerts',
  '/admin/:org/audit',
  '/admin/:org/settings',
] as const;
export type ConsolePattern = (typeof CONSOLE_PATTERNS)[number];
