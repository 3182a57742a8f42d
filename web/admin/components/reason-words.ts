import en from '../../locales/admin.en.json';
import { t } from '../words.ts';

const isKnown = (code: string): code is keyof typeof en.integrations.reasons =>
  Object.hasOwn(en.integrations.reasons, code);

/** Why a call to a service came to nothing; a code that there are no words for stays as it is. */
export function reasonWords(code: string): string {
  return isKnown(code) ? t(`integrations.reasons.${code}`) : code;
}
