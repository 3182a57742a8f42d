/**
 * A box for what waits in the database and must not be read there: a letter with a link that works, a
 * carrier's token. AES-256-GCM, so that whoever reads or swaps rows, without the Worker's secret, learns
 * and changes nothing.
 */
import { utf8 } from '../utf8.ts';

const KEY_BYTES = 32;
/** NIST SP 800-38D, 8.2.2: random, 96 bits, never reused with a key. */
const IV_BYTES = 12;

/**
 * The key from the base64 of its 32 bytes (`openssl rand -base64 32`).
 * Throws when the secret is anything else, without saying what it was.
 */
export async function importBoxKey(base64: string): Promise<CryptoKey> {
  const bytes = fromBase64(base64.trim());
  if (bytes?.length !== KEY_BYTES) {
    throw new Error(`The outbox key must be the base64 of ${KEY_BYTES} bytes.`);
  }
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/**
 * Boxes a text: base64 of IV and ciphertext. `about` names what it belongs to (a row's id): it is
 * authenticated, so the box opens nowhere else.
 */
export async function box(key: CryptoKey, text: string, about: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = utf8(text);
  const boxed = new Uint8Array(await crypto.subtle.encrypt(algorithm(iv, about), key, plain));
  const whole = new Uint8Array(IV_BYTES + boxed.length);
  whole.set(iv);
  whole.set(boxed, IV_BYTES);
  return toBase64(whole);
}

/** What {@link box} put in, or null: wrong key, another row's, cut short or tampered with. */
export async function unbox(key: CryptoKey, boxed: string, about: string): Promise<string | null> {
  const whole = fromBase64(boxed);
  if (whole === null || whole.length <= IV_BYTES) return null;
  const iv = whole.subarray(0, IV_BYTES);
  try {
    const plain = await crypto.subtle.decrypt(algorithm(iv, about), key, whole.subarray(IV_BYTES));
    return new TextDecoder().decode(plain);
  } catch {
    return null;
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, about: string) {
  return { name: 'AES-GCM', iv, additionalData: utf8(about) };
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
