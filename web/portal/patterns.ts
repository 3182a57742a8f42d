import { PORTAL_PAGES } from '../../worker/vocabulary.ts';

export type PortalPattern = (typeof PORTAL_PAGES)[number];

/** Links to these are pages of ours; all others (files, mail, the API) are the browser's. */
export const SCOPE = new RegExp(
  `^(?:${PORTAL_PAGES.map((pattern) => pattern.replace(/:\w+/g, '[^/?#]+')).join('|')})(?:[?#]|$)`,
);
