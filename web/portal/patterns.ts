import { PORTAL_PAGES } from '../../worker/vocabulary.ts';

/** The portal's pages by their addresses; the first pattern that fits is the page. */
export const PORTAL_PATTERNS = PORTAL_PAGES;
export type PortalPattern = (typeof PORTAL_PATTERNS)[number];

/** Links to these are pages of ours; all others (files, mail, the API) are the browser's. */
export const SCOPE = new RegExp(
  `^(?:${PORTAL_PATTERNS.map((pattern) => pattern.replace(/:\w+/g, '[^/?#]+')).join('|')})(?:[?#]|$)`,
);
