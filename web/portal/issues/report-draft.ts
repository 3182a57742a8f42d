/** A report as it is written: what it starts from, what is wrong with it, what is sent. Pure. */
import {
  ISSUE_DESCRIPTION_MAX_CHARACTERS,
  ISSUE_DESCRIPTION_MIN_CHARACTERS,
  ISSUE_KINDS,
  type IssueKind,
} from '../../../worker/vocabulary.ts';

export type Draft = {
  /** Sent twice with one key, it is one report. */
  key: string;
  kind: IssueKind | undefined;
  description: string;
  lineNumbers: number[];
  contactEmail: string;
  contactPhone: string;
  /** The report that it has become, while its photos are still on their way. */
  issueId: string | undefined;
};

/** Fields that can be wrong, in the order of the form. */
export type Wrong = Partial<Record<keyof Draft, string>>;

/** How long a text is to the Worker: whole characters, without the space around them. */
export function lengthOf(text: string): number {
  return [...text.trim()].length;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE_MAX_CHARACTERS = 40;

type Flaw = {
  field: 'kind' | 'description' | 'contactEmail' | 'contactPhone';
  /** How many characters too few (negative) or too many; 0 where it is not about length. */
  off: number;
};

/** What the Worker would refuse, without asking it. */
export function flawsOf(draft: Draft): Flaw[] {
  const length = lengthOf(draft.description);
  const over = length - ISSUE_DESCRIPTION_MAX_CHARACTERS;
  const under = length - ISSUE_DESCRIPTION_MIN_CHARACTERS;
  const found: (Flaw | false)[] = [
    !draft.kind && { field: 'kind', off: 0 },
    under < 0 && { field: 'description', off: under },
    over > 0 && { field: 'description', off: over },
    !EMAIL.test(draft.contactEmail.trim()) && { field: 'contactEmail', off: 0 },
    lengthOf(draft.contactPhone) > PHONE_MAX_CHARACTERS && { field: 'contactPhone', off: 0 },
  ];
  return found.filter((flaw) => flaw !== false);
}

/**
 * The draft to begin with: what was kept, as far as it still fits, else what is known.
 *
 * @param lines the order's line numbers
 * @param wanted the lines that the link to the form names
 */
export function startDraft(
  kept: Partial<Draft> | undefined,
  start: { email: string; lines: readonly number[]; wanted: readonly number[]; key: string },
): Draft {
  const { email, lines, wanted, key } = start;
  // An order of one line leaves no question which one it is.
  const chosen = kept?.lineNumbers ?? (lines.length === 1 ? lines : wanted);
  return {
    key: kept?.key ?? key,
    kind: ISSUE_KINDS.find((kind) => kind === kept?.kind),
    description: kept?.description ?? '',
    lineNumbers: lines.filter((line) => chosen.includes(line)),
    contactEmail: kept?.contactEmail ?? email,
    contactPhone: kept?.contactPhone ?? '',
    issueId: kept?.issueId,
  };
}

/** The request's body. */
export function bodyOf({ key: _, issueId: __, ...draft }: Draft) {
  return { ...draft, contactEmail: draft.contactEmail.trim() };
}
