/** A request for a change as it is written: what is wrong with it, and what is sent. Pure. */
import {
  CHANGE_ADDRESS_MAX_CHARACTERS,
  CHANGE_NAME_MAX_CHARACTERS,
  CHANGE_NOTE_MAX_CHARACTERS,
  type ChangeRequestKind,
} from '../../../worker/vocabulary.ts';

type Draft = { name: string; email: string; phone: string; address: string; note: string };
export type DraftField = keyof Draft;
export const EMPTY: Draft = { name: '', email: '', phone: '', address: '', note: '' };

/** The fields of each kind, in the order of their form; the note is beside them. */
export const FIELDS_OF = {
  contact_details: ['name', 'email', 'phone'],
  delivery_address: ['address'],
} as const satisfies Record<ChangeRequestKind, readonly DraftField[]>;

/** In characters as people count them; of the address a mail program's own bound. */
export const MAX: Record<DraftField, number> = {
  name: CHANGE_NAME_MAX_CHARACTERS,
  email: 254,
  phone: 40,
  address: CHANGE_ADDRESS_MAX_CHARACTERS,
  note: CHANGE_NOTE_MAX_CHARACTERS,
};
const ADDRESS_OF_MAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;

const isTooLong = (field: DraftField, text: string) => [...text].length > MAX[field];

/** The fields that cannot be sent as they are; `nothing`: none of them says anything. */
export function flawsOf(kind: ChangeRequestKind, draft: Draft): (DraftField | 'nothing')[] {
  const fields: readonly DraftField[] = FIELDS_OF[kind];
  const said = fields.filter((field) => draft[field].trim() !== '');
  if (said.length === 0) return [kind === 'delivery_address' ? 'address' : 'nothing'];
  return [...said, 'note' as const].filter((field) => {
    const text = draft[field].trim();
    return isTooLong(field, text) || (field === 'email' && !ADDRESS_OF_MAIL.test(text));
  });
}

/** What is sent: the fields that say something. */
export function bodyOf(kind: ChangeRequestKind, draft: Draft) {
  const fields: readonly DraftField[] = FIELDS_OF[kind];
  const said = fields
    .map((field) => [field, draft[field].trim()] as const)
    .filter(([, text]) => text !== '');
  return { kind, fields: Object.fromEntries(said), note: draft.note.trim() || null };
}
