import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPng } from './png-logo.ts';

const BOX = { width: 40, height: 20 };
const RED = [200, 0, 0, 255];
const NOTHING = [0, 0, 0, 0];

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

/** Its header's claims, and its rows as they are compressed. */
function png(
  claims: { width: number; height: number; depth?: number; colour?: number },
  raw: Uint8Array,
  ...more: Buffer[]
): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claims.width, 0);
  header.writeUInt32BE(claims.height, 4);
  header.set([claims.depth ?? 8, claims.colour ?? 6], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      ...more,
      chunk('IDAT', deflateSync(raw)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

/** Rows of colour type 6, without filters. */
function rows(width: number, height: number, pixel: (x: number, y: number) => number[]) {
  return Uint8Array.from(
    Array.from({ length: height }, (_, y) => [
      0,
      ...Array.from({ length: width }, (__, x) => pixel(x, y)).flat(),
    ]).flat(),
  );
}

describe('readPng', () => {
  it('reads pixels and their opacity', async () => {
    const raw = rows(2, 1, (x) => (x === 0 ? RED : NOTHING));
    const read = await readPng(png({ width: 2, height: 1 }, raw), BOX);
    expect(read).toMatchObject({ width: 2, height: 1 });
    expect([...inflateSync(read?.rgb ?? '')]).toEqual([200, 0, 0, 0, 0, 0]);
    expect([...inflateSync(read?.alpha ?? '')]).toEqual([255, 0]);
  });

  it('has no mask for an opaque picture', async () => {
    const read = await readPng(
      png(
        { width: 1, height: 1 },
        rows(1, 1, () => RED),
      ),
      BOX,
    );
    expect(read?.alpha).toBeNull();
  });

  it('reads a palette of single bits', async () => {
    const palette = chunk('PLTE', Buffer.from([0, 0, 0, 0, 0, 255]));
    const file = png(
      { width: 3, height: 1, depth: 1, colour: 3 },
      Uint8Array.of(0, 0b010_00000),
      palette,
    );
    const read = await readPng(file, BOX);
    expect([...inflateSync(read?.rgb ?? '')]).toEqual([0, 0, 0, 0, 0, 255, 0, 0, 0]);
  });

  it('shrinks into the box, without a dark edge around what is transparent', async () => {
    const raw = rows(200, 30, (x) => (x % 2 === 0 ? RED : NOTHING));
    const read = await readPng(png({ width: 200, height: 30 }, raw), BOX);
    expect(read).toMatchObject({ width: 40, height: 6 });
    const rgb = inflateSync(read?.rgb ?? '');
    expect([...rgb.subarray(60, 63)]).toEqual([200, 0, 0]);
    expect(inflateSync(read?.alpha ?? '')[20]).toBeGreaterThan(90);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['another kind of file', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [
      'one that is broken off',
      png(
        { width: 2, height: 1 },
        rows(2, 1, () => RED),
      ).slice(0, 50),
    ],
    [
      'less than its header says',
      png(
        { width: 9, height: 9 },
        rows(2, 1, () => RED),
      ),
    ],
    [
      'more than its header says',
      png(
        { width: 1, height: 1 },
        rows(2, 1, () => RED),
      ),
    ],
    ['no pixels', png({ width: 0, height: 1 }, new Uint8Array(0))],
    [
      'a palette that is missing',
      png({ width: 3, height: 1, depth: 1, colour: 3 }, Uint8Array.of(0, 0)),
    ],
    ['a depth that is none', png({ width: 1, height: 1, depth: 3 }, Uint8Array.of(0, 0))],
  ])('refuses %s', async (_, bytes) => {
    expect(await readPng(bytes, BOX)).toBeNull();
  });

  it('refuses what would be huge, before it is', async () => {
    const zeros = new Uint8Array(64 * 1024 * 1024);
    expect(await readPng(png({ width: 1, height: 1 }, zeros), BOX)).toBeNull();
    expect(
      await readPng(png({ width: 60_000, height: 60_000 }, new Uint8Array(9)), BOX),
    ).toBeNull();
  });

  it('does not look into chunks that make no pixels', async () => {
    const note = chunk('zTXt', Buffer.from('note\0\0this was never compressed'));
    const read = await readPng(
      png(
        { width: 1, height: 1 },
        rows(1, 1, () => RED),
        note,
      ),
      BOX,
    );
    expect(read).toMatchObject({ width: 1, height: 1 });
  });

  it('refuses a file whose bytes were changed, or reads it, and never throws', async () => {
    const whole = png(
      { width: 4, height: 4 },
      rows(4, 4, (x, y) => [x * 60, y * 60, 0, 255]),
    );
    for (let at = 0; at < whole.length; at += 1) {
      const changed = whole.with(at, (whole[at] ?? 0) ^ 0xff);
      const read = await readPng(changed, BOX);
      expect(read === null || (read.width <= 40 && read.height <= 20)).toBe(true);
    }
  });
});
