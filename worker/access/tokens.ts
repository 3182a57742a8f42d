/**
 * Tokens and secrets. An access link's token is a capability: whoever holds it is the contact, so
 * only its SHA-256 is ever stored. The fixed prefix lets secret scanners find a leaked one, the
 * checksum refuses a mangled one before the database is asked, and the org's code lets the landing
 * page show whose link it is without asking at all. Inert by design: nothing here does I/O.
 */
import { crc32 } from '../crc32.ts';
import { sha256 } from '../sha256.ts';
import { utf8 } from '../utf8.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'cfl01_';
const SECRET_BYTES = 32;
/** 43 base62 digits hold 256 bits; 6 hold a CRC-32. */
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
const TOKEN_SHAPE = /^cfl01_([0-9A-Za-z]{6})_[0-9A-Za-z]{49}$/;
const TOKEN_BEGINNING = /^cfl01_([0-9A-Za-z]{6})_/;
const UNSUBSCRIBE_KEY_SHAPE = /^cfu01_[0-9A-Za-z]{43}$/;
/** Finds a token or a key inside any text, whole or cut short: what a log line must not hold. */
const SECRET_ANYWHERE = /(cf[lu]01_)[0-9A-Za-z_]+/g;

function base62(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value, i = 0; i < digits; i += 1, rest /= 62n) {
    text = ALPHABET.charAt(Number(rest % 62n)) + text;
  }
  return text;
}

function randomDigits(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return base62(
    bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n),
    SECRET_DIGITS,
  );
}

/** A new token for an org: `cfl01_` + org code + `_` + 43 digits of secret + 6 of checksum. */
export function mintToken(orgCode: string): string {
  const body = `${PREFIX}${orgCode}_${randomDigits()}`;
  return body + base62(BigInt(crc32(utf8(body))), CHECKSUM_DIGITS);
}

/** The org code of a well-formed token, or null for anything that was mistyped, cut or made up. */
export function readToken(token: string): { orgCode: string } | null {
  const orgCode = TOKEN_SHAPE.exec(token)?.[1];
  if (orgCode === undefined) {
    return null;
  }
  const body = token.slice(0, -CHECKSUM_DIGITS);
  const checksum = base62(BigInt(crc32(utf8(body))), CHECKSUM_DIGITS);
  return token.endsWith(checksum) ? { orgCode } : null;
}

/** The org code that a cut or mistyped token still shows, or null: enough to name whom to ask. */
export function orgCodeShownBy(token: string): string | null {
  return TOKEN_BEGINNING.exec(token)?.[1] ?? null;
}

/** A new session secret: 256 bits in base62, for a cookie. */
export function mintSessionSecret(): string {
  return randomDigits();
}

/** A new key for a letter's unsubscribe link: `cfu01_` + 43 digits of secret. */
export function mintUnsubscribeKey(): string {
  return `cfu01_${randomDigits()}`;
}

/** Whether a text is formed as {@link mintUnsubscribeKey} forms a key. */
export function isUnsubscribeKey(text: string): boolean {
  return UNSUBSCRIBE_KEY_SHAPE.test(text);
}

/** SHA-256 of a token, a key or a session secret, as Postgres writes a bytea: `\x` and 64 hex digits. */
export async function hashSecret(secret: string): Promise<string> {
  return `\\x${await sha256(utf8(secret))}`;
}

/** What staff may know a link by. */
export function lastFour(token: string): string {
  return token.slice(-4);
}

/** The text without any token or key in it, for logs. */
export function redact(text: string): string {
  return text.replace(SECRET_ANYWHERE, '$1…');
}
