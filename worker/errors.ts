/**
 * The closed list of error codes and the HTTP status each one is answered with. A code is a
 * promise to the client: its words are in the locales, under the same name.
 */
export const ERROR_STATUS = {
  // who you are
  link_invalid: 401,
  session_expired: 401,
  access_required: 401,
  access_denied: 403,
  forbidden: 403,
  preview_only: 403,
  origin_refused: 403,
  // what you asked for
  not_found: 404,
  document_unavailable: 404,
  file_unknown: 404,
  // the state has moved on
  publish_not_staged: 409,
  publish_not_approved: 409,
  review_stale: 409,
  own_import: 409,
  nothing_to_approve: 409,
  rendition_pending: 409,
  nothing_to_override: 409,
  import_unfinished: 409,
  contact_not_allowed: 409,
  address_suppressed: 409,
  tracking_not_shown: 409,
  exposure_changed: 409,
  link_not_active: 409,
  issue_resolved: 409,
  too_many_photos: 409,
  sent_before: 409,
  conflict: 409,
  // what you sent
  upgrade_required: 426,
  too_large: 413,
  unsupported_type: 415,
  photo_not_image: 415,
  invalid: 422,
  csv_empty: 422,
  csv_binary: 422,
  csv_not_utf8: 422,
  csv_no_header: 422,
  csv_unclosed_quote: 422,
  too_many_rows: 422,
  reading_invalid: 422,
  not_a_pdf: 422,
  too_many_documents: 422,
  zip_too_large: 422,
  credit_note_unknown: 422,
  // not now
  rate_limited: 429,
  unavailable: 503,
  access_unavailable: 503,
  statement_broken: 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
export type ErrorStatus = (typeof ERROR_STATUS)[ErrorCode];

/** Which input was wrong and why, by its name in the request. */
export type FieldErrors = Record<string, string>;

/**
 * An expected refusal that ends a request. `message` is for the log and for a developer reading
 * the response: never an exception's own text, never a value that the client sent.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly status: ErrorStatus;
  readonly fields: FieldErrors | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { fields?: FieldErrors; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}
