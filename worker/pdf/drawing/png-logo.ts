/**
 * A logo in PNG, as a page needs it: no larger than it is printed. Nothing in the file is trusted,
 * since the decoder reads on where a length lies and inflates whatever it is given.
 */

export type PngLogo = {
  width: number;
  height: number;
  /** Three bytes a pixel and one, compressed (zlib); no alpha when all of it is opaque. */
  rgb: Uint8Array;
  alpha: Uint8Array | null;
};

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const PIXELS_MAX = 4_000_000;
const INFLATED_MAX_BYTES = 16 * 1024 * 1024;
/** Passes of Adam7: first column and row, and steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Reads the file and shrinks it into the box, in pixels; null when it is damaged or too large.
 * PNG, third edition: https://www.w3.org/TR/png-3/
 */
export async function readPng(
  bytes: Uint8Array<ArrayBuffer>,
  box: { width: number; height: number },
): Promise<PngLogo | null> {
  const file = await sound(bytes);
  if (file === null) return null;
  const [{ decode, toRGBA8 }, { zlibSync }] = await Promise.all([
    import('@cantoo/pdf-lib/upng'),
    import('fflate'),
  ]);
  let pixels: Uint8Array;
  try {
    const [frame] = toRGBA8(decode(file.bytes.buffer));
    pixels = new Uint8Array(frame ?? new ArrayBuffer(0));
  } catch {
    return null;
  }
  if (pixels.length !== file.width * file.height * 4) return null;
  const small = shrink({ ...file, pixels }, box);
  const rgb = new Uint8Array(small.width * small.height * 3);
  const alpha = new Uint8Array(small.width * small.height);
  for (let at = 0; at < alpha.length; at += 1) {
    rgb.set(small.pixels.subarray(at * 4, at * 4 + 3), at * 3);
    alpha[at] = small.pixels[at * 4 + 3] ?? 0;
  }
  return {
    width: small.width,
    height: small.height,
    rgb: zlibSync(rgb),
    alpha: alpha.every((one) => one === 255) ? null : zlibSync(alpha),
  };
}

/** The file with only the chunks that make its pixels, if their lengths and its own size agree. */
async function sound(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; width: number; height: number } | null> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || SIGNATURE.some((byte, at) => bytes[at] !== byte)) return null;
  const kept = new Uint8Array(bytes.length);
  kept.set(SIGNATURE);
  let length = SIGNATURE.length;
  const compressed: Uint8Array<ArrayBuffer>[] = [];
  let hasPalette = false;
  let first = '';
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return null;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    first ||= type;
    if (type === 'IHDR' && at !== SIGNATURE.length) return null;
    if (type === 'PLTE') hasPalette = true;
    if (type === 'IDAT') compressed.push(bytes.subarray(at + 8, end - 4));
    if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type)) {
      kept.set(bytes.subarray(at, end), length);
      length += end - at;
    }
    if (type === 'IEND') break;
    at = end;
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth = 0, colour = 0, , , interlace = 0] = bytes.subarray(24, 29);
  const isKnown = DEPTHS[colour]?.includes(depth) && interlace <= 1 && view.getUint32(8) === 13;
  if (first !== 'IHDR' || !isKnown || (colour === 3 && !hasPalette)) return null;
  if (width === 0 || height === 0 || width * height > PIXELS_MAX) return null;
  const expected = rawLength(width, height, (CHANNELS[colour] ?? 0) * depth, interlace === 1);
  if (expected > INFLATED_MAX_BYTES) return null;
  const found = await inflatedLength(compressed, expected);
  return found === expected ? { bytes: kept.slice(0, length), width, height } : null;
}

/** Bytes of all rows, each with its filter's byte before it. */
function rawLength(width: number, height: number, bits: number, isInterlaced: boolean): number {
  const rows = (wide: number, high: number) =>
    wide === 0 ? 0 : high * (1 + Math.ceil((wide * bits) / 8));
  if (!isInterlaced) return rows(width, height);
  return ADAM7.reduce(
    (sum, [x, y, right, down]) =>
      sum + rows(Math.ceil((width - x) / right), Math.ceil((height - y) / down)),
    0,
  );
}

/** How long the parts are together, inflated; one more than `most` stands for any more. */
async function inflatedLength(
  parts: readonly Uint8Array<ArrayBuffer>[],
  most: number,
): Promise<number> {
  const inflated = new Blob([...parts]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = inflated.getReader();
  let length = 0;
  try {
    while (length <= most) {
      const { done, value } = await reader.read();
      if (done) return length;
      length += value.byteLength;
    }
    await reader.cancel();
    return most + 1;
  } catch {
    return -1; // damaged
  }
}

type Pixels = { width: number; height: number; pixels: Uint8Array };

/** Averages of the pixels under each new one, weighed by their opacity. Never larger than it was. */
function shrink(image: Pixels, box: { width: number; height: number }): Pixels {
  const scale = Math.min(1, box.width / image.width, box.height / image.height);
  if (scale === 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * image.height) / height);
    const bottom = Math.ceil(((y + 1) * image.height) / height);
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.ceil(((x + 1) * image.width) / width);
      pixels.set(average(image, left, top, right, bottom), (y * width + x) * 4);
    }
  }
  return { width, height, pixels };
}

function average(
  { width, pixels }: Pixels,
  left: number,
  top: number,
  right: number,
  bottom: number,
): [number, number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  let opacity = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = (y * width + left) * 4; at < (y * width + right) * 4; at += 4) {
      const weight = pixels[at + 3] ?? 0;
      red += (pixels[at] ?? 0) * weight;
      green += (pixels[at + 1] ?? 0) * weight;
      blue += (pixels[at + 2] ?? 0) * weight;
      opacity += weight;
    }
  }
  if (opacity === 0) return [255, 255, 255, 0];
  const count = (right - left) * (bottom - top);
  return [
    Math.round(red / opacity),
    Math.round(green / opacity),
    Math.round(blue / opacity),
    Math.round(opacity / count),
  ];
}
