import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  actingPdf,
  attachedPdf,
  blankPdf,
  bytesOf,
  cyclicPdf,
  encryptedPdf,
  followedBy,
  formPdf,
  latin1,
  linkedPdf,
  objectStream,
  onePage,
  type Pdf,
  pagelessPdf,
  signatureFieldPdf,
  textPdf,
  zipOf,
} from '../test/pdfs.ts';
import { inspect, looksLikePdf, PDF_PAGES_MAX } from './inspect.ts';

const codesOf = async (pdf: Pdf) => (await inspect(pdf)).findings.map(({ code }) => code);
const cut = (pdf: Pdf, length: number): Pdf => pdf.slice(0, length);

describe('an honest document', () => {
  const pages = ['Invoice INV-2024-001\nTotal 1,234.50', 'Page two'];

  test.each([true, false])(
    'is told by its pages and words; object streams: %s',
    async (objectStreams) => {
      expect(await inspect(await textPdf(pages, { objectStreams }))).toEqual({
        findings: [],
        pages: 2,
        served: 'stampable',
        text: 'INVOICE INV 2024 001 TOTAL 1 234 50 PAGE TWO',
        inflatedBytes: expect.any(Number),
      });
    },
  );

  test.each([90, 180, 270])('says the same when it is turned by %d degrees', async (turn) => {
    const { findings, text } = await inspect(await textPdf(pages, { turn }));
    expect({ findings, text }).toEqual({
      findings: [],
      text: 'INVOICE INV 2024 001 TOTAL 1 234 50 PAGE TWO',
    });
  });

  test('may have a form, whose fields are read, and links', async () => {
    const form = await inspect(await formPdf());
    expect(form.findings).toEqual([]);
    expect(form.text).toBe('DELIVERY NOTE LEFT AT THE GATE');
    expect(await codesOf(await linkedPdf('https://example.com/Launch'))).toEqual([]);
  });

  test('may be saved again and again, and end without its end mark', async () => {
    const once = latin1(onePage());
    const update = [
      '5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Courier>>\nendobj\nxref\n5 1',
      `${String(once.length).padStart(10, '0')} 00000 n \ntrailer\n<</Root 1 0 R/Size 6>>`,
      'startxref\n0\n%%EOF\n\0\0\n',
    ];
    const twice = await inspect(bytesOf(once + update.join('\n')));
    expect(twice.findings).toEqual([]);
    expect(twice.text).toBe('INVOICE INV 2024 001');
    expect(await codesOf(bytesOf(once.replace(/%%EOF\s*$/, '')))).toEqual([]);
  });

  test('is read from its first 20 pages', async () => {
    const { text, pages: count } = await inspect(
      await textPdf(Array.from({ length: 25 }, (_, page) => `p${page + 1}`)),
    );
    expect(count).toBe(25);
    expect(text.split(' ')).toEqual(Array.from({ length: 20 }, (_, page) => `P${page + 1}`));
  });

  test('is the same when it is inspected again', async () => {
    const pdf = await textPdf(pages);
    expect(await inspect(pdf.slice())).toEqual(await inspect(pdf.slice()));
  });
});

describe('what cannot be read is final', () => {
  test.each([true, false])(
    'encrypted, though anybody may open it; object streams: %s',
    async (objectStreams) => {
      const { findings, pages, text } = await inspect(await encryptedPdf(objectStreams));
      expect({ findings, pages, text }).toEqual({
        findings: [{ code: 'pdf_encrypted' }],
        pages: 0,
        text: '',
      });
    },
  );

  test('cut off, wherever', async () => {
    const pdf = await textPdf(['One page', 'and another']);
    for (const part of [0.1, 0.5, 0.9]) {
      expect(await codesOf(cut(pdf, Math.floor(pdf.length * part)))).toEqual(['pdf_damaged']);
    }
  });

  test('cut off in what was added later', async () => {
    const once = latin1(await textPdf(['Invoice INV-2024-001']));
    expect(await codesOf(bytesOf(`${once}9 0 obj\n<</Producer(again)>>\nendobj\n`))).toEqual([
      'pdf_damaged',
    ]);
  });

  test('without pages', async () => {
    expect(await codesOf(pagelessPdf())).toEqual(['pdf_no_pages']);
  });

  test('with too many pages, which are counted', async () => {
    expect(await codesOf(await blankPdf(PDF_PAGES_MAX))).toEqual([]);
    const { findings, pages } = await inspect(await blankPdf(5_000));
    expect(findings).toEqual([{ code: 'pdf_too_many_pages', value: '5000' }]);
    expect(pages).toBe(5_000);
  });

  test('with a tree of pages that goes round in circles, or is none', async () => {
    expect(await codesOf(cyclicPdf())).toEqual(['pdf_damaged']);
    const tree = latin1(onePage());
    expect(await codesOf(bytesOf(tree.replace('/Pages 2 0 R', '/Pages 9 0 R')))).toEqual([
      'pdf_damaged',
    ]);
  });

  test('with lists in lists in lists', async () => {
    for (const bracket of ['[', '<</A ']) {
      const deep = onePage({ more: [bracket.repeat(100_000)] });
      expect(await codesOf(deep)).toEqual(['pdf_damaged']);
    }
  });
});

describe('what stands behind or around a document', () => {
  test('a ZIP or a page is no document, whatever is in it', async () => {
    const pdf = await textPdf(['Invoice']);
    expect(looksLikePdf(pdf)).toBe(true);
    expect(looksLikePdf(zipOf(pdf))).toBe(false);
    expect(looksLikePdf(bytesOf('<html>%PDF-1.7'))).toBe(false);
    expect(looksLikePdf(bytesOf('%PD'))).toBe(false);
  });

  test('a ZIP behind it, or inside its last stream, is told', async () => {
    const pdf = await textPdf(['Invoice']);
    const zip = zipOf(await textPdf(['Another']));
    expect(await codesOf(followedBy(pdf, zip))).toEqual(['pdf_trailing_bytes']);
    expect(await codesOf(followedBy(followedBy(pdf, zip), bytesOf('\n%%EOF\n')))).toEqual([
      'pdf_trailing_bytes',
    ]);
    const inside = onePage({
      more: [
        `<</Length ${zip.length}>>\nstream\n${latin1(zip).replaceAll('obj', 'OBJ')}\nendstream`,
      ],
    });
    expect(await codesOf(inside)).toEqual(['pdf_trailing_bytes']);
  });

  test('a page of HTML behind it is told; blanks are not', async () => {
    const pdf = await textPdf(['Invoice']);
    expect(await codesOf(followedBy(pdf, bytesOf('<html></html>')))).toEqual([
      'pdf_trailing_bytes',
    ]);
    expect(await codesOf(followedBy(pdf, bytesOf('\r\n\0\0\x1a')))).toEqual([]);
  });
});

describe('how it is served', () => {
  const served = async (pdf: Pdf) => {
    const { served, findings } = await inspect(pdf);
    return { served, findings };
  };

  test('a signed document is served as it is, one that waits for its signature is not', async () => {
    expect(await served(signatureFieldPdf(true))).toEqual({ served: 'signed', findings: [] });
    expect(await served(signatureFieldPdf(false))).toEqual({ served: 'stampable', findings: [] });
  });

  test.each(['factur-x.xml', 'ZUGFeRD-invoice.xml', 'zugferd-invoice.xml', 'xrechnung.xml'])(
    'an e-invoice in %s is welcome',
    async (name) => {
      expect(await served(await attachedPdf(name))).toEqual({ served: 'e_invoice', findings: [] });
    },
  );

  test('any other file inside is told by its name', async () => {
    expect(await served(await attachedPdf('setup.exe'))).toEqual({
      served: 'stampable',
      findings: [{ code: 'pdf_embedded_files', value: 'setup.exe' }],
    });
    expect((await served(await attachedPdf('factur-x.xml', 'prices.xlsx'))).findings).toEqual([
      { code: 'pdf_embedded_files', value: 'prices.xlsx' },
    ]);
  });
});

describe('whatever the bytes are, it ends, and says what is wrong', () => {
  const ends = async (pdf: Pdf) => {
    const started = performance.now();
    const { findings, pages } = await inspect(pdf);
    expect(performance.now() - started).toBeLessThan(20_000);
    return { findings, pages };
  };

  test('random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const { findings } = await ends(followedBy(bytesOf('%PDF-1.7\n'), bytes));
        expect(findings.length).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  test('a good file that was cut, or lost some bytes to others', async () => {
    vi.spyOn(console, 'log').mockReturnValue();
    vi.spyOn(console, 'warn').mockReturnValue();
    const good = [
      await textPdf(['Invoice INV-2024-001', 'Page two'], { objectStreams: true }),
      onePage({ more: [objectStream(7, ['<</Kids[1 0 R]>>', '[1 2 (three)]'])] }),
    ];
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...good),
        fc.nat(),
        fc.boolean(),
        flips,
        async (pdf, length, whole, changes) => {
          const bytes = whole ? pdf.slice() : cut(pdf, length % pdf.length);
          for (const [at, byte] of changes) bytes[at % pdf.length] = byte;
          await ends(bytes);
        },
      ),
      { numRuns: 300 },
    );
    vi.restoreAllMocks();
  });
});

test('inspections take turns', async () => {
  const pdf = onePage();
  const results = await Promise.all(
    [pdf, actingPdf('<</S/Launch>>'), pdf].map((each) => inspect(each.slice())),
  );
  expect(results.map(({ findings }) => findings.length)).toEqual([0, 1, 0]);
});
