import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { stream } from '../../test/papers/written.ts';
import {
  ascii85,
  BOMB_BYTES,
  bytesOf,
  contentPdf,
  deflatedBomb,
  latin1,
  lzwBomb,
  objectStream,
  onePage,
  runLengthBomb,
} from '../../test/pdfs.ts';
import { inspect } from '../inspect.ts';
import { INFLATED_BYTES_MAX, INFLATED_STREAM_BYTES_MAX } from './spending.ts';
import { decode } from './streams.ts';

/** What one push may give beyond a cap. */
const SLICE_BYTES = 4_300_000;
const deflated = (text: string) => latin1(zlibSync(bytesOf(text)));

describe('a bomb is refused before anything is parsed', () => {
  test.each([
    ['a page’s content', deflatedBomb(), '/Filter/FlateDecode'],
    ['said to be nothing', deflatedBomb(), ''],
    ['said to be something else', deflatedBomb(), '/Filter/RunLengthDecode'],
    ['a filter of nobody’s', deflatedBomb(), '/Filter/Unheard'],
    ['zlib in zlib', deflated(deflatedBomb()), '/Filter/FlateDecode'],
    ['zlib in zlib, as it says', deflated(deflatedBomb()), '/Filter[/FlateDecode/FlateDecode]'],
    ['in ASCII85', ascii85(deflatedBomb()), '/Filter[/A85/Fl]'],
    ['runs', runLengthBomb(), '/Filter/RunLengthDecode'],
    ['runs in zlib', deflated(runLengthBomb()), '/Filter[/FlateDecode/RunLengthDecode]'],
    ['LZW', lzwBomb(6), '/Filter/LZWDecode'],
    ['LZW in zlib', deflated(lzwBomb(6)), '/Filter[/FlateDecode/LZWDecode]'],
  ])('%s', async (_, body, entries) => {
    const { findings, inflatedBytes } = await inspect(contentPdf(body, entries));
    expect(findings).toEqual([{ code: 'pdf_too_complex' }]);
    expect(inflatedBytes).toBeGreaterThan(INFLATED_STREAM_BYTES_MAX / 2);
    expect(inflatedBytes).toBeLessThan(INFLATED_STREAM_BYTES_MAX + SLICE_BYTES);
  });

  test('an object stream', async () => {
    for (const type of ['/Type/ObjStm', '']) {
      const bomb = stream(deflatedBomb(), `${type}/N 1/First 4/Filter/FlateDecode`);
      const { findings, inflatedBytes } = await inspect(onePage({ more: [bomb] }));
      expect(findings).toEqual([{ code: 'pdf_too_complex' }]);
      expect(inflatedBytes).toBeLessThan(INFLATED_STREAM_BYTES_MAX / 2);
    }
  });

  test('many small ones', async () => {
    const part = stream(deflatedBomb(20_000_000), '/Filter/FlateDecode');
    const { findings, inflatedBytes } = await inspect(onePage({ more: Array(5).fill(part) }));
    expect(findings).toEqual([{ code: 'pdf_too_complex' }]);
    expect(inflatedBytes).toBeLessThan(INFLATED_BYTES_MAX + SLICE_BYTES);
  });

  test('deflate that gives nothing, for ever', async () => {
    const nothing = `\x78\x9c${'\0\0\0\xff\xff'.repeat(100_000)}`;
    const { findings } = await inspect(contentPdf(nothing, '/Filter/FlateDecode'));
    expect(findings).toEqual([{ code: 'pdf_too_complex' }]);
  });
});

describe('what pdf-lib would choke on is refused before', () => {
  test.each([
    [
      'a table of four thousand million entries',
      stream('x', '/Type/XRef/Size 4000000000/W[1 0 0]'),
    ],
    ['half a million dictionaries', `[${'<<>>'.repeat(500_000)}]`],
    ['a string of three million characters', `<${'41'.repeat(1_500_000)}>`],
    ['a length that leads back', '<</Length -60>>\nstream\nx\nendstream'],
    ['gibberish', `1 endobj ${'x y '.repeat(300_000)}`],
    ['objects that do not end', '9 0 obj x '.repeat(50_000)],
    ['digits without end', `1 endobj z${'1'.repeat(1_000_000)}`],
    ['a type that is told elsewhere', stream('x', '/Type 9 0 R/N 1/First 4')],
    ['a filter that is told elsewhere', stream('x', '/Type/ObjStm/Filter 9 0 R/N 1/First 4')],
    ['two types', objectStream(7, ['1'], '/Type/XRef')],
    ['a predictor', objectStream(7, ['1'], '/DecodeParms<</Predictor 12/Columns 4>>')],
  ])('%s', async (_, object) => {
    const started = performance.now();
    const { findings } = await inspect(onePage({ more: [object] }));
    expect(findings[0]?.code).toMatch(/^pdf_(too_complex|damaged)$/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('a picture is not decoded', () => {
  test.each([
    ['by its subtype', '/Subtype/Image/Width 9000/Height 9000/Filter/FlateDecode'],
    ['by its filter', '/Filter/DCTDecode'],
    ['by its filter’s short name', '/Filter[/DCT]'],
  ])('%s, so it may be as large as it likes', async (_, entries) => {
    const { findings, inflatedBytes } = await inspect(
      onePage({ more: [stream(deflatedBomb(), entries)] }),
    );
    expect(findings).toEqual([]);
    expect(inflatedBytes).toBe(0);
  });

  test('unless objects could be read from it', async () => {
    const both = stream(deflatedBomb(), '/Subtype/Image/N 1/First 4/Filter/FlateDecode');
    expect((await inspect(onePage({ more: [both] }))).findings).toEqual([
      { code: 'pdf_too_complex' },
    ]);
  });
});

describe('decoding', () => {
  const text = 'BT (Invoice INV-2024-001) Tj ET\n'.repeat(400);
  const read = (body: string, filters: string[], early: 0 | 1 = 1) => {
    const bytes = decode(bytesOf(body), { filters, early }, 1_000_000);
    return bytes && latin1(bytes);
  };

  test('gives back what was encoded', () => {
    expect(read(text, [])).toBe(text);
    expect(read(deflated(text), ['FlateDecode'])).toBe(text);
    expect(read(ascii85(text), ['ASCII85Decode'])).toBe(text);
    expect(read(ascii85(deflated(text)), ['ASCII85Decode', 'FlateDecode'])).toBe(text);
    expect(read('48 65 6c6C\n6f2>', ['ASCIIHexDecode'])).toBe('Hello ');
    expect(read('\x02abc\xfed\x80junk', ['RunLengthDecode'])).toBe('abcddd');
    expect(read('z!!~>', ['ASCII85Decode'])).toBe('\0\0\0\0\0');
  });

  test('of LZW follows the standard’s own example', () => {
    expect(read('\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01', ['LZWDecode'])).toBe('-----A---B');
  });

  test('gives what came before the damage', () => {
    const whole = deflated(Array.from({ length: 9_000 }, (_, n) => `${n} `).join(''));
    const part = read(whole.slice(0, whole.length / 2), ['FlateDecode']);
    expect(part?.startsWith('0 1 2 3 ')).toBe(true);
  });

  test('ends at what it may come to, and at what it does not know', () => {
    expect(read(deflatedBomb(), ['FlateDecode'])).toBeUndefined();
    expect(read(text, ['JBIG2Decode'])).toBeUndefined();
    expect(BOMB_BYTES).toBeGreaterThan(INFLATED_STREAM_BYTES_MAX);
  });
});
