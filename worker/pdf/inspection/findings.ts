/** What inspection can find wrong in a file, and how its parts say that they read no further. */

/** No override: nobody can answer for a file that cannot be read whole. */
export type FinalCode =
  | 'pdf_encrypted'
  | 'pdf_damaged'
  | 'pdf_no_pages'
  | 'pdf_too_many_pages'
  /** Legal perhaps, but not to be read within the bounds of one inspection. */
  | 'pdf_too_complex';

/** An approver may override these. */
export type OpenCode = 'pdf_active_content' | 'pdf_embedded_files' | 'pdf_trailing_bytes';

export type FindingCode = FinalCode | OpenCode;

/** `value`: what was found, e.g. "JavaScript, Launch" or file names; at most 200 characters. */
export type Finding = { code: FindingCode; value?: string };

const VALUE_CHARACTERS_MAX = 200;
const UNPRINTABLE = /[\p{C}\s]+/gu;

/** A finding that lists what was found, each thing once; what does not fit is cut off. */
export function findingOf(code: FindingCode, found: Iterable<string>): Finding {
  const value = [...new Set(found)].join(', ').replace(UNPRINTABLE, ' ').trim();
  if (value.length <= VALUE_CHARACTERS_MAX) {
    return value === '' ? { code } : { code, value };
  }
  return { code, value: `${value.slice(0, VALUE_CHARACTERS_MAX - 1)}…` };
}

/** Ends the reading of a file from whatever depth; {@link inspect} makes it a finding. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: FinalCode;

  constructor(code: FinalCode) {
    super(code);
    this.code = code;
  }
}

/** @throws Refusal */
export function refuse(code: FinalCode): never {
  throw new Refusal(code);
}
