import { describe, expect, test } from 'vitest';
import { stream } from '../../test/papers/written.ts';
import { actingPdf, linkedPdf, objectStream, onePage, type Pdf } from '../../test/pdfs.ts';
import { inspect } from '../inspect.ts';

const found = async (pdf: Pdf) => (await inspect(pdf)).findings;
const active = (value: string) => [{ code: 'pdf_active_content', value }];
const script = (name: string) => `<</S/${name}/JS(app.alert\\(1\\))>>`;

describe('a script is found', () => {
  test.each([
    'JavaScript',
    'JavaScrip#74',
    'Java#53cript',
    '#4aavaScript',
    '#4AavaScript',
    'J#61#76aScript',
  ])('spelled %s', async (name) => {
    expect(await found(actingPdf(script(name)))).toEqual(active('JavaScript'));
  });

  test.each(['#4c', '#4C'])('behind %s, as is a program to be started', async (escaped) => {
    expect(await found(actingPdf(`<</S/${escaped}aunch/F(cmd.exe)>>`))).toEqual(active('Launch'));
  });

  test('among the document’s names, in a field, on a page and in an annotation', async () => {
    const action = '7 0 R';
    const more = ['<<>>', script('JavaScript')];
    for (const given of [
      { catalog: `/Names<</JavaScript<</Names[(a) ${action}]>>>>` },
      { catalog: `/AcroForm<</Fields[<</T(a)/FT/Tx/A ${action}>>]>>` },
      { page: `/Annots[<</Subtype/Link/Rect[0 0 1 1]/A ${action}>>]` },
    ]) {
      expect(await found(onePage({ ...given, more }))).toEqual(active('JavaScript'));
    }
    expect(await found(onePage({ page: `/AA<</O ${action}>>`, more }))).toEqual(
      active('AA, JavaScript'),
    );
  });

  test('inside an object stream, named one or not', async () => {
    const objects = [script('Java#53cript'), '<</A 7 0 R>>'];
    const unnamed = objectStream(7, objects).replace('/Type/ObjStm', '');
    for (const hidden of [objectStream(7, objects), unnamed]) {
      expect(await found(onePage({ catalog: '/OpenAction 7 0 R', more: [hidden] }))).toEqual(
        active('JavaScript'),
      );
    }
  });

  test('when its type is told elsewhere, and in what was replaced since', async () => {
    const elsewhere = onePage({
      catalog: '/OpenAction<</S 6 0 R/JS 7 0 R>>',
      more: ['/JavaScript', '(x)'],
    });
    expect(await found(elsewhere)).toEqual(active('JavaScript'));
  });

  test('in an object that does not parse', async () => {
    const broken = `<</Rect[NaN 0]/A${script('JavaScript')}>>`;
    expect(await found(onePage({ more: [broken] }))).toEqual(active('JavaScript'));
  });
});

describe('what acts by itself is found', () => {
  test.each([
    ['SubmitForm', '<</S/SubmitForm/F(https://example.com/)>>'],
    ['ImportData', '<</S/ImportData/F(a.fdf)>>'],
    ['GoToR', '<</S/GoToR/F(other.pdf)/D[0/Fit]>>'],
    ['GoToE', '<</S/GoToE/D[0/Fit]>>'],
    ['Thread', '<</S/Thread/D 0>>'],
    ['Rendition', '<</S/Rendition/OP 0>>'],
    ['OpenAction', '<</S/URI/URI(https://example.com/)>>'],
    ['OpenAction', '<</S/GoTo/D[3 0 R/Fit]/Next<</S/URI/URI(https://example.com/)>>>>'],
  ])('%s', async (value, action) => {
    expect(await found(actingPdf(action))).toEqual(active(value));
    expect(await found(onePage({ catalog: '/OpenAction 6 0 R', more: [action] }))).toEqual(
      active(value),
    );
  });

  test('a form of XFA, and rich media', async () => {
    const xfa = onePage({ catalog: '/AcroForm<</Fields[]/XFA 6 0 R>>', more: [stream('<xdp/>')] });
    expect(await found(xfa)).toEqual(active('XFA'));
    const media = onePage({ page: '/Annots[<</Subtype/RichMedia/RichMediaContent<<>>>>]' });
    expect(await found(media)).toEqual(active('RichMedia'));
  });

  test('additional actions, wherever they are kept', async () => {
    const trigger = '<</WC<</S/Named/N/Print>>>>';
    expect(await found(onePage({ catalog: `/AA${trigger}` }))).toEqual(active('AA'));
    expect(await found(onePage({ catalog: '/AA 6 0 R', more: [trigger] }))).toEqual(active('AA'));
  });

  test('a link to no address', async () => {
    expect(await found(await linkedPdf('javascript:alert(1)'))).toEqual(active('URI'));
  });
});

describe('what only looks like it is not', () => {
  test('fonts and pictures with such names', async () => {
    const font = '5 0 R';
    const names = `/Font<</AA ${font}/JS ${font}/EF ${font}/F ${font}>>`;
    expect(await found(onePage({ resources: names }))).toEqual([]);
    const elsewhere = `<</AA ${font}/JS ${font}/EF ${font}>>`;
    expect(await found(onePage({ resources: '/Font 6 0 R', more: [elsewhere] }))).toEqual([]);
  });

  test('words in a text, in a title and on a page', async () => {
    const words = 'How to /Launch a /JavaScript';
    const content = stream(`BT /F 12 Tf 60 780 Td (${words}) Tj ET`);
    expect(await found(onePage({ content, more: [`<</Title(${words})>>`] }))).toEqual([]);
  });

  test('a page to begin with, outlines and structure', async () => {
    const outline = '<</Title(One)/Next 7 0 R/Dest[3 0 R/Fit]>>';
    const item = '<</Title(Two)/A<</S/URI/URI(https://example.com/)>>>>';
    const element = '<</Type/StructElem/S/Document/P 6 0 R/K 0>>';
    const pdf = onePage({ catalog: '/OpenAction[3 0 R/Fit]', more: [outline, item, element] });
    expect(await found(pdf)).toEqual([]);
  });
});

describe('what only a table could lead to is refused', () => {
  const hidden = `9 0 obj<<${script('JavaScript')}>>endobj`;

  test.each([
    ['in the body of a stream', stream(hidden)],
    ['in a string', `<</Title(${hidden})>>`],
    ['in a comment', `<<>>\n% ${hidden}\n`],
    ['behind an object that ends early', `<</A>> ${hidden}`],
    ['split by a comment', stream('9 0 %\nobj %\n<</A 1>> endobj')],
    ['a trailer', stream('trailer<</Root 9 0 R>>')],
  ])('%s', async (_, object) => {
    expect((await inspect(onePage({ more: [object] }))).findings[0]?.code).toMatch(
      /^pdf_(damaged|active_content)$/,
    );
  });
});
