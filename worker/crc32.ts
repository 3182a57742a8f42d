/** CRC-32 as ZIP has it (ISO 3309, reflected, 0xEDB88320), and the CRC of two parts put together. */

const POLYNOMIAL = 0xedb88320;
/** x⁰: in the reflected order the highest bit is the lowest power. */
const ONE = 0x80000000;
const AT_ONCE = 8;

/**
 * Eight tables in one, of 256 entries each: what a byte does to the remainder when it is followed
 * by 0 to 7 more ("slicing by 8", Kounavis and Berry 2005).
 */
const TABLE = new Int32Array(256 * AT_ONCE);
for (let byte = 0; byte < 256; byte += 1) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  }
  TABLE[byte] = remainder;
}
for (let at = 256; at < TABLE.length; at += 1) {
  const before = entry(at - 256);
  TABLE[at] = (before >>> 8) ^ entry(before & 0xff);
}

function entry(at: number): number {
  return TABLE[at] ?? 0;
}

/**
 * The CRC-32 of `bytes`, or of all that came before them and `bytes`.
 *
 * @param previous the CRC-32 of what came before
 * @returns an unsigned number
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  const byte = (at: number): number => bytes[at] ?? 0;
  const whole = bytes.length - (bytes.length % AT_ONCE);
  for (let at = 0; at < whole; at += AT_ONCE) {
    const low =
      crc ^ (byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24));
    crc =
      entry(1792 + (low & 0xff)) ^
      entry(1536 + ((low >>> 8) & 0xff)) ^
      entry(1280 + ((low >>> 16) & 0xff)) ^
      entry(1024 + (low >>> 24)) ^
      entry(768 + byte(at + 4)) ^
      entry(512 + byte(at + 5)) ^
      entry(256 + byte(at + 6)) ^
      entry(byte(at + 7));
  }
  for (let at = whole; at < bytes.length; at += 1) {
    crc = (crc >>> 8) ^ entry((crc ^ byte(at)) & 0xff);
  }
  return ~crc >>> 0;
}

/** The product of two polynomials over GF(2), modulo the CRC's own. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return product >>> 0;
}

/**
 * The CRC-32 of two parts put together, from the CRC-32 of each: the first is moved up by the
 * second's bits, that is multiplied by x to the power of 8 × `secondLength`.
 *
 * @param secondLength in bytes
 */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  let power = ONE;
  let square = ONE >>> 8;
  for (let bytes = secondLength; bytes > 0; bytes = Math.floor(bytes / 2)) {
    if (bytes % 2 === 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  return (multiply(first, power) ^ second) >>> 0;
}
