import type { CarrierFailure } from '../../../worker/carriers/carrier.ts';
import type { MailFailure } from '../../../worker/mail.ts';
import type { ParcelTrouble } from '../../../worker/vocabulary.ts';
import en from '../../locales/admin.en.json';
import { t } from '../words.ts';

const REASONS = en.integrations.reasons satisfies Record<
  CarrierFailure | MailFailure | ParcelTrouble,
  string
>;
const isKnown = (code: string): code is keyof typeof REASONS => Object.hasOwn(REASONS, code);

/** Why a call to a service came to nothing; a code that there are no words for stays as it is. */
export function reasonWords(code: string): string {
  return isKnown(code) ? t(`integrations.reasons.${code}`) : code;
}
