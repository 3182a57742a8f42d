/**
 * Whether a webhook is from who shares our secret: HMAC-SHA256 over its id, its time and its body as it
 * came, byte for byte. Source: https://docs.svix.com/receiving/verifying-payloads/how-manual
 */
import { utf8 } from '../utf8.ts';

/** Older, and a captured delivery could be played again; newer, and the clocks are no longer alike. */
const TOLERANCE_SECONDS = 5 * 60;
/** A secret that is being replaced signs beside the old one; nobody needs more than a few. */
const SIGNATURES_MAX = 8;

/** `whsec_` and the key in base64, as the provider shows it. */
export const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]{24,}={0,2}$/;

/** The headers `svix-id`, `svix-timestamp` and `svix-signature`, null where they are not there. */
type SignatureHeaders = {
  id: string | null;
  timestamp: string | null;
  signature: string | null;
};

/** True for a body that was signed with the secret within five minutes of `nowSeconds`. Never throws. */
export async function isSigned(
  body: Uint8Array,
  { id, timestamp, signature }: SignatureHeaders,
  secret: string,
  nowSeconds: number,
): Promise<boolean> {
  if (id === null || signature === null || timestamp === null || !/^\d{1,12}$/.test(timestamp)) {
    return false;
  }
  if (Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS) {
    return false;
  }
  const key = await crypto.subtle.importKey(
    'raw',
    fromBase64(secret.replace(/^whsec_/, '')),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  const head = utf8(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  for (const each of signature.split(' ').slice(0, SIGNATURES_MAX)) {
    const [, base64] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(each) ?? [];
    // `verify` compares in constant time.
    if (
      base64 !== undefined &&
      (await crypto.subtle.verify('HMAC', key, fromBase64(base64), signed))
    ) {
      return true;
    }
  }
  return false;
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
