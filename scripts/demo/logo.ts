import { deflateSync } from 'node:zlib';

/** Corners of a closed shape on a square of 100 × 100, y downwards. */
export type Polygon = readonly (readonly [number, number])[];

/** A hexagon nut with the letter A cut out of it. */
export const ACME_MARK: readonly Polygon[] = [
  [
    [50, 1],
    [93, 26],
    [93, 74],
    [50, 99],
    [7, 74],
    [7, 26],
  ],
  [
    [43, 22],
    [57, 22],
    [78, 76],
    [63.5, 76],
    [59.5, 65],
    [40.5, 65],
    [36.5, 76],
    [22, 76],
  ],
  [
    [50, 38],
    [55.5, 54],
    [44.5, 54],
  ],
];

/** Three rising blades of northern light. */
export const BOREALIS_MARK: readonly Polygon[] = [
  [
    [8, 92],
    [22, 44],
    [40, 36],
    [26, 92],
  ],
  [
    [35, 92],
    [52, 26],
    [70, 18],
    [53, 92],
  ],
  [
    [62, 92],
    [80, 12],
    [98, 4],
    [80, 92],
  ],
];

/** The mark as one SVG path; overlapping shapes cut holes under the even-odd rule. */
export function markPath(mark: readonly Polygon[]): string {
  return mark.map((polygon) => `M${polygon.map((corner) => corner.join(' ')).join('L')}Z`).join('');
}

/** `#1b4f8f` → the three channels, 0 to 255. */
export function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Even-odd: how many edges of all the shapes lie to the right of the point. */
function covers(mark: readonly Polygon[], x: number, y: number): boolean {
  let inside = false;
  for (const polygon of mark) {
    polygon.forEach(([ax, ay], place) => {
      const [bx, by] = polygon[(place + 1) % polygon.length] ?? [ax, ay];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    });
  }
  return inside;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

const LOGO_PIXELS = 160;
const SAMPLES = 3;

/** The mark in one colour on transparent ground, as a PNG (RFC 2083), 160 × 160. */
export function logoPng(mark: readonly Polygon[], colour: string): Uint8Array {
  const [red, green, blue] = channels(colour);
  const rows: number[] = [];
  for (let row = 0; row < LOGO_PIXELS; row++) {
    rows.push(0);
    for (let column = 0; column < LOGO_PIXELS; column++) {
      let hits = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const x = column + ((sample % SAMPLES) + 0.5) / SAMPLES;
        const y = row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
        if (covers(mark, (x * 100) / LOGO_PIXELS, (y * 100) / LOGO_PIXELS)) hits++;
      }
      rows.push(red, green, blue, Math.round((hits * 255) / (SAMPLES * SAMPLES)));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(LOGO_PIXELS, 0);
  header.writeUInt32BE(LOGO_PIXELS, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Uint8Array.from(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
