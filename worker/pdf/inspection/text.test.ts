import { zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { stream } from '../../test/papers/written.ts';
import { ascii85, bytesOf, contentPdf, latin1, onePage } from '../../test/pdfs.ts';
import { inspect } from '../inspect.ts';

const show = (text: string, y = 700) => `BT /F 12 Tf 60 ${y} Td (${text}) Tj ET `;
const textOf = async (given: Parameters<typeof onePage>[0]) => {
  const { findings, text } = await inspect(onePage(given));
  expect(findings).toEqual([]);
  return text;
};

describe('a document’s words', () => {
  test('are those of its contents, one after another', async () => {
    const content = '[6 0 R 7 0 R]';
    expect(
      await textOf({ content, more: [stream(show('Invoice')), stream(show('INV-7', 600))] }),
    ).toBe('INVOICE INV 7');
  });

  test('are read whatever they are encoded in', async () => {
    const body = ascii85(latin1(zlibSync(bytesOf(show('Invoice INV-7')))));
    const content = stream(body, '/Filter[/ASCII85Decode/FlateDecode]');
    expect(await textOf({ content })).toBe('INVOICE INV 7');
  });

  test('include those of forms, where they are drawn', async () => {
    const form = stream(
      show('Total 9.00'),
      '/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>',
    );
    const resources = '/XObject<</Total#20 6 0 R/Never 6 0 R>>';
    expect(await textOf({ content: stream('/Total#20 Do'), resources, more: [form] })).toBe(
      'TOTAL 9 00',
    );
    expect(await textOf({ content: stream(show('Page')), resources, more: [form] })).toBe('PAGE');
  });

  test('are told by the font’s own map', async () => {
    const map = stream(
      'begincmap 1 beginbfchar <01> <0141> endbfchar 1 beginbfrange <02> <04> [<00F3> <0064> <017A>] endbfrange endcmap',
    );
    const font =
      '<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Own/FirstChar 1/LastChar 4/Widths[600 600 600 600]/ToUnicode 7 0 R/FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+Own/Flags 4>>>>';
    const content = stream('BT /G 12 Tf 60 700 Td <01020304> Tj ET');
    expect(await textOf({ content, resources: '/Font<</G 6 0 R>>', more: [font, map] })).toBe(
      'LODZ',
    );
  });

  test('are told by the font program where nothing else tells them', async () => {
    const program = stream(
      '/Encoding 256 array dup 12 /fi put dup 13 /ff put readonly def currentfile eexec',
    );
    const font =
      '<</Type/Font/Subtype/Type1/BaseFont/CMR10/FirstChar 12/LastChar 13/Widths[600 600]/FontDescriptor<</Type/FontDescriptor/FontName/CMR10/Flags 4/FontFile 7 0 R>>>>';
    const content = stream('BT /G 12 Tf 60 700 Td <0c0d> Tj ET');
    expect(await textOf({ content, resources: '/Font<</G 6 0 R>>', more: [font, program] })).toBe(
      'FIFF',
    );
  });

  test('stand apart where they are placed apart, and together where they touch', async () => {
    const apart = `${show('COPY', 700)} BT /F 12 Tf 400 760 Td (Invoice) Tj ET`;
    expect(await textOf({ content: stream(apart) })).toBe('COPY INVOICE');
    const wide = 'BT /F 12 Tf 4 Tc 60 700 Td (Invoice) Tj ET';
    expect(await textOf({ content: stream(wide) })).toBe('INVOICE');
  });

  test('are found between pictures, paths and marks', async () => {
    const content = stream(
      `q 0 0 m 9 9 l S /Span <</ActualText(no)>> BDC ${show('Invoice')} EMC Q BI /W 1 /H 1 ID (EI \xff EI ${show('INV-7', 600)}`,
    );
    expect(await textOf({ content })).toBe('INVOICE INV 7');
  });

  test('of a scan are none', async () => {
    const image = stream('\xff\xd8\xff', '/Subtype/Image/Filter/DCTDecode/Width 9/Height 9');
    expect(
      await textOf({
        content: stream('/Scan Do'),
        resources: '/XObject<</Scan 6 0 R>>',
        more: [image],
      }),
    ).toBe('');
  });
});

describe('reading ends soon, whatever the page asks for', () => {
  const quick = async (given: Parameters<typeof onePage>[0]) => {
    const started = performance.now();
    const text = await textOf(given);
    expect(performance.now() - started).toBeLessThan(5_000);
    return text;
  };

  test('sixteen million characters of a font’s map', async () => {
    const range = (last: string) =>
      stream(`begincmap 1 beginbfrange <0000> <${last}> <0041> endbfrange endcmap`);
    // The first is no map at all, and the font's own letters stand; the second is one, of all codes there are.
    for (const [last, shown, text] of [
      ['00FFFFFE', '(abc)', 'ABC'],
      ['FFFF', '<00010203>', 'ABCD'],
    ] as const) {
      const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>';
      const read = await quick({
        resources: '/Font<</G 6 0 R>>',
        content: stream(`BT /G 9 Tf 60 700 Td ${shown} Tj ET`),
        more: [font, range(last)],
      });
      expect(read).toBe(text);
    }
  });

  test('widths of two thousand million characters', async () => {
    const font =
      '<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/W[0 2000000000 500]/FontDescriptor<</FontName/X/Flags 4>>>>]>>';
    const content = stream('BT /G 9 Tf 60 700 Td <0041> Tj ET');
    expect(await quick({ resources: '/Font<</G 6 0 R>>', content, more: [font] })).toBe('A');
  });

  test('forms that draw forms that draw forms, and one that draws itself', async () => {
    const forms = Array.from({ length: 15 }, (_, n) =>
      stream(
        show('x') + '/A Do '.repeat(10),
        `/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>/XObject<</A ${7 + n} 0 R>>>>`,
      ),
    );
    const itself = stream('/A Do', '/Subtype/Form/BBox[0 0 9 9]/Resources 7 0 R');
    const drawn = { content: stream('/A Do'), resources: '/XObject<</A 6 0 R>>' };
    // A maze is left out as a whole, and the review says that nothing was read.
    expect(await quick({ ...drawn, more: forms })).toBe('');
    expect(await quick({ ...drawn, more: [itself, '<</XObject<</A 6 0 R>>>>'] })).toBe('');
  });

  test.each(['q ', '[', '<<', 'BI ID ', 'BT ', '(', '/F 9 Tf ', '() Tj ', '1 '])(
    'a million times %s',
    async (part) => {
      const times = Math.floor(1_000_000 / part.length);
      const content = stream(`${show('Invoice')} ${part.repeat(times)}`);
      expect(await quick({ content })).toBe('INVOICE');
    },
  );

  test('more text than is kept', async () => {
    const { text } = await inspect(
      contentPdf(`BT /F 9 Tf 60 700 Td ${'(word ) Tj '.repeat(60_000)}`, ''),
    );
    expect(text.length).toBeLessThanOrEqual(200_000);
  });
});
