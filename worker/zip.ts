/**
 * A ZIP archive whose entries are stored as they are, and whose every size and CRC is known before
 * its first byte: the whole is planned, its length is told, and the entries' bytes pass between the
 * headers untouched. Format: PKWARE APPNOTE 6.3.10, §4.3 and §4.4; no Zip64.
 */
import { utf8 } from './utf8.ts';

export type ZipEntry = {
  name: string;
  /** Bytes. */
  size: number;
  crc32: number;
  modifiedAt: Date;
};

/** Store only; names are UTF-8 (bit 11). 2.0 is what every reader has known since 1993. */
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const STORED = 0;
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
/** What the fields hold without Zip64; the highest values would announce it. */
const COUNT_MAX = 0xfffe;
const LENGTH_MAX = 0xfffffffe;

/** Little-endian numbers of 2 and 4 bytes, then text. */
function record(fields: readonly (readonly [bytes: 2 | 4, value: number])[], name: Uint8Array) {
  const size = fields.reduce((sum, [bytes]) => sum + bytes, 0);
  const made = new Uint8Array(size + name.length);
  const view = new DataView(made.buffer);
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  made.set(name, size);
  return made;
}

/** DOS date and time, as one number; in UTC, to 2 seconds, within what DOS can say. */
function dosTime(time: Date): number {
  const year = time.getUTCFullYear();
  if (!(year >= 1980)) return (1 << 21) | (1 << 16);
  if (year > 2107) return 0xff9fbf7d;
  const date = ((year - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const clock =
    (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return ((date << 16) | clock) >>> 0;
}

/**
 * Everything of an archive but the entries' bytes: `headers[i]` goes before the bytes of entry i,
 * `end` after the last of them. Names are taken as they are: see {@link uniqueNames}.
 *
 * @returns `length`: the exact bytes of the whole archive
 * @throws RangeError for more entries or bytes than a ZIP without Zip64 holds: callers bound both
 */
export function planZip(entries: readonly ZipEntry[]): {
  length: number;
  headers: Uint8Array<ArrayBuffer>[];
  end: Uint8Array<ArrayBuffer>;
} {
  const headers: Uint8Array<ArrayBuffer>[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, size, crc32, modifiedAt } of entries) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`an entry of ${size} bytes`);
    const encoded = utf8(name);
    const common = [
      [2, VERSION],
      [2, UTF8_NAMES],
      [2, STORED],
      [4, dosTime(modifiedAt)],
      [4, crc32],
      [4, size],
      [4, size],
      [2, encoded.length],
      [2, 0], // bytes of extra field
    ] as const;
    const header = record([[4, LOCAL_HEADER], ...common], encoded);
    const rest = [
      [2, 0], // bytes of comment
      [2, 0], // disk
      [2, 0], // internal attributes
      [4, 0], // external attributes
      [4, offset],
    ] as const;
    headers.push(header);
    central.push(record([[4, CENTRAL_HEADER], [2, VERSION], ...common, ...rest], encoded));
    offset += header.length + size;
  }
  const directory = central.reduce((sum, { length }) => sum + length, 0);
  if (entries.length > COUNT_MAX || offset + directory > LENGTH_MAX) {
    throw new RangeError(`${entries.length} entries, ${offset + directory} bytes`);
  }
  const last = record(
    [
      [4, END_RECORD],
      [2, 0],
      [2, 0],
      [2, entries.length],
      [2, entries.length],
      [4, directory],
      [4, offset],
      [2, 0],
    ],
    new Uint8Array(),
  );
  const end = new Uint8Array(directory + last.length);
  let at = 0;
  for (const part of [...central, last]) {
    end.set(part, at);
    at += part.length;
  }
  return { length: offset + end.length, headers, end };
}

/** What shows nothing or turns the direction of text: the name would not be what it looks like. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
/** A path's own signs, what Windows reserves, controls and halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;
/** Names that Windows gives to devices, whatever their extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$| )/i;
const EXTENSION = /(?<=.)\.[A-Za-z0-9]{1,10}$/;
/** Most file systems take 255 bytes; this leaves room for the folder's name and " (2)". */
const NAME_BYTES_MAX = 160;
const NAMELESS = 'document';

/** The longest beginning of `text` that takes `bytes` of UTF-8 at most, in whole characters. */
function beginning(text: string, bytes: number): string {
  let kept = '';
  let left = bytes;
  for (const character of text) {
    left -= utf8(character).length;
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

function split(name: string): { stem: string; extension: string } {
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - extension.length), extension };
}

function safeName(name: string): string {
  const plain = name.replace(INVISIBLE, '').normalize('NFC').replace(UNSAFE, '_');
  // A leading dot hides a file, or names a folder above; Windows drops dots and spaces at the end.
  const trimmed = plain.replace(/^[\s.]+|[\s.]+$/gu, '').replace(/\s+/gu, ' ');
  const { stem, extension } = split(trimmed.replace(DEVICE, '_$&'));
  const short = beginning(stem, NAME_BYTES_MAX - extension.length).replace(/[\s.]+$/u, '');
  return `${short === '' ? NAMELESS : short}${extension}`;
}

/** How a file system that does not heed case knows a name. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase();
}

/**
 * Names that unzip anywhere: no path, no control or reserved characters, NFC, not too long, and
 * unique without regard to case ("INV-1.pdf", "INV-1 (2).pdf"). A name that nobody else has stays
 * as it is.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const safe = names.map(safeName);
  const wanted = new Set(safe.map(keyOf));
  const given = new Set<string>();
  return safe.map((name) => {
    const { stem, extension } = split(name);
    let chosen = name;
    for (let copy = 2; given.has(keyOf(chosen)); copy += 1) {
      const numbered = `${stem} (${copy})${extension}`;
      if (!wanted.has(keyOf(numbered))) chosen = numbered;
    }
    given.add(keyOf(chosen));
    return chosen;
  });
}
