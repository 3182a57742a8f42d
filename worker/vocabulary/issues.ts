export const ISSUE_KINDS = [
  'damaged',
  'missing',
  'wrong_items',
  'delayed',
  'quality',
  'other',
] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];

export const ISSUE_STATUSES = ['open', 'in_progress', 'waiting_for_customer', 'resolved'] as const;
export type IssueStatus = (typeof ISSUE_STATUSES)[number];
/** What staff filter reports by; `unresolved` is all that is not resolved. */
export const ISSUE_FILTERS = ['unresolved', ...ISSUE_STATUSES] as const;
export type IssueFilter = (typeof ISSUE_FILTERS)[number];
export const ISSUE_AUTHORS = ['customer', 'staff'] as const;
export type IssueAuthor = (typeof ISSUE_AUTHORS)[number];

export const ISSUE_DESCRIPTION_MIN_CHARACTERS = 10;
export const ISSUE_DESCRIPTION_MAX_CHARACTERS = 1000;
export const ISSUE_MESSAGE_MAX_CHARACTERS = 4000;
export const ISSUE_PHOTOS_MAX = 5;
export const PHOTO_MAX_BYTES = 10_000_000;
