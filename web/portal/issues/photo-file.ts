/** A photo before it is sent: what it is, and no larger than anybody needs to see what is wrong. */
import { PHOTO_MAX_BYTES } from '../../../worker/vocabulary.ts';

/** Pixels of the longer side: more than a screen shows. */
const SIDE_MAX = 2560;
const JPEG_QUALITY = 0.85;

export type PreparedPhoto =
  | { blob: Blob; name: string; isShown: boolean }
  | { wrong: 'too_large' | 'photo_not_image' };

/**
 * What the Worker takes, by the first bytes; undefined for anything else. `heif` is an image that most
 * browsers cannot show, and that iPhones make.
 */
export function imageKind(head: Uint8Array): 'jpeg' | 'png' | 'webp' | 'heif' | undefined {
  const text = String.fromCharCode(...head.subarray(0, 12));
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^RIFF[\s\S]{4}WEBP/.test(text)) return 'webp';
  return /^[\s\S]{4}ftyp(he[iv][cmsx]|m[is]f1)/.test(text) ? 'heif' : undefined;
}

/** The size an image is drawn at so that its longer side is {@link SIDE_MAX} at most. Pure. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The file as it is sent: itself when it is small, of a kind that is taken, and no program; else drawn
 * again as a JPEG, without what the camera noted of the place.
 */
export async function preparePhoto(file: File): Promise<PreparedPhoto> {
  const kind = imageKind(new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!image) {
    if (kind !== 'heif') return { wrong: 'photo_not_image' };
    if (file.size > PHOTO_MAX_BYTES) return { wrong: 'too_large' };
    return { blob: file, name: file.name, isShown: false };
  }
  const isSmall = Math.max(image.width, image.height) <= SIDE_MAX && file.size <= PHOTO_MAX_BYTES;
  if (kind && isSmall) {
    image.close();
    return { blob: file, name: file.name, isShown: true };
  }
  const drawn = await drawnAsJpeg(image);
  image.close();
  const isKept = kind && file.size <= PHOTO_MAX_BYTES && (!drawn || drawn.size >= file.size);
  if (isKept) return { blob: file, name: file.name, isShown: true };
  if (!drawn || drawn.size > PHOTO_MAX_BYTES) return { wrong: 'too_large' };
  return { blob: drawn, name: `${file.name.replace(/\.[^.]*$/, '')}.jpg`, isShown: true };
}

async function drawnAsJpeg(image: ImageBitmap): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, fitted(image.width, image.height));
  const context = canvas.getContext('2d');
  if (!context) return null;
  // What is transparent would be black in a JPEG.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
}
