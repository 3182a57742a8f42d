/** Photos as they arrive: what kind of image the bytes are, whatever their name says. Pure. */

/** Where an org's photos are. Content-addressed, and apart from its documents. */
export function photoKey(orgId: string, sha256: string): string {
  return `${orgId}/photos/${sha256}`;
}

/** Brands of HEIF files that hold a still image or a burst of them (ISO/IEC 23008-12, annex B). */
const HEIF_TYPES: Record<string, PhotoType> = {
  heic: 'image/heic',
  heix: 'image/heic',
  heim: 'image/heic',
  heis: 'image/heic',
  hevc: 'image/heic',
  hevx: 'image/heic',
  mif1: 'image/heif',
  msf1: 'image/heif',
};

export type PhotoType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/heic' | 'image/heif';

/** The image type that the first bytes say, or null: a program with a photo's name is none. */
export function photoType(bytes: Uint8Array): PhotoType | null {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 3) === '\xff\xd8\xff') {
    return 'image/jpeg';
  }
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') {
    return 'image/png';
  }
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') {
    return 'image/webp';
  }
  return text(4, 8) === 'ftyp' ? (HEIF_TYPES[text(8, 12)] ?? null) : null;
}

const NAME_MAX_CHARACTERS = 200;
/** Control characters, and marks that turn the direction of writing: both make a name look like another. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name to show a photo by: without folders and unseen characters, and never so bad that the photo is refused. */
export function photoName(name: string): string {
  const plain = name.normalize('NFC').split(/[\\/]/).at(-1)?.replace(UNSEEN, '').trim() ?? '';
  return [...plain].slice(0, NAME_MAX_CHARACTERS).join('') || 'photo';
}
