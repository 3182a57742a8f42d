import { redact } from './access/tokens.ts';

/** One line of JSON. Ids and codes only, and whatever slips in, never a token. */
export function log(message: string, fields: Record<string, unknown>): void {
  console.log(redact(JSON.stringify({ message, ...fields })));
}
