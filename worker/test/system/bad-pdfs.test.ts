/**
 * PDFs that are not what they should be, uploaded as people upload them: each ends with a named problem
 * on its own item, and the rest of the upload goes on.
 */
import { beforeAll, expect, test } from 'vitest';
import { customerRow, makeOrg, type Org, orderRows, pdfOf, publish, stageRows } from '../cast.ts';
import {
  actingPdf,
  attachedPdf,
  blankPdf,
  contentPdf,
  cyclicPdf,
  deflatedBomb,
  encryptedPdf,
  followedBy,
  objectStream,
  onePage,
  type Pdf,
  pagelessPdf,
  signatureFieldPdf,
  textPdf,
  zipOf,
} from '../pdfs.ts';
import { useStack } from '../stack.ts';

let org: Org;
let publishId: string;
beforeAll(async () => {
  org = await makeOrg(await useStack());
  await publish(org, [customerRow('ANNA', org)]);
  publishId = await stageRows(org, orderRows('ANNA', 'BAD'));
});

type Uploaded = {
  file: { pages: number; served: string };
  findings: { code: string; severity: string; value?: string }[];
};
const upload = async (bytes: Pdf) => {
  const answer = await org.clerk.send<Uploaded>(
    'PUT',
    `publishes/${publishId}/files/INV-BAD.pdf`,
    bytes,
    'application/pdf',
  );
  return { status: answer.status, ...answer.body };
};
type Item = {
  key: string;
  blocked: boolean;
  problems: { code: string; value?: string; overridable?: true }[];
};
async function invoice(): Promise<Item | undefined> {
  const { body } = await org.approver.get<{ items: Item[] }>(
    `publishes/${publishId}/review?kind=document`,
  );
  return body.items.find(({ key }) => key === 'invoice:INV-BAD');
}

const bomb = () => contentPdf(deflatedBomb(), '/Filter/FlateDecode');
const script = '<</S/Java#53cript/JS(app.alert\\(1\\))>>';

const NEVER: [what: string, make: () => Pdf | Promise<Pdf>, code: string][] = [
  ['locked with a password', () => encryptedPdf(false), 'pdf_encrypted'],
  ['cut off', async () => (await textPdf(['Invoice INV-BAD'])).slice(0, 400), 'pdf_damaged'],
  ['without pages', () => pagelessPdf(), 'pdf_no_pages'],
  ['of 5,000 pages', () => blankPdf(5_000), 'pdf_too_many_pages'],
  ['whose pages go round in circles', () => cyclicPdf(), 'pdf_damaged'],
  ['with a bomb for a page', bomb, 'pdf_too_complex'],
  [
    'with a bomb of objects',
    () =>
      onePage({
        more: [
          objectStream(7, ['<<>>']).replace(
            /stream\n[\s\S]*\nendstream/,
            () => `stream\n${deflatedBomb()}\nendstream`,
          ),
        ],
      }),
    'pdf_too_complex',
  ],
];
test.each(NEVER)('a file %s can never pass', async (_, make, code) => {
  const { status, findings } = await upload(await make());
  expect(status).toBe(201);
  expect(findings).toEqual([expect.objectContaining({ code, severity: 'blocking' })]);
  const item = await invoice();
  expect(item?.blocked).toBe(true);
  expect(item?.problems.find((problem) => problem.code === code)).not.toHaveProperty('overridable');
  const override = {
    kind: 'document',
    key: 'invoice:INV-BAD',
    reason: 'Let it through, please',
    seen: { sha256: null, problems: [] },
  };
  expect((await org.approver.put(`publishes/${publishId}/overrides`, override)).status).toBe(409);
});

const WAITS: [what: string, make: () => Pdf | Promise<Pdf>, code: string, value?: string][] = [
  [
    'a script behind #4c',
    () => actingPdf('<</S/#4caunch/F(cmd.exe)>>'),
    'pdf_active_content',
    'Launch',
  ],
  [
    'a script among its objects',
    () => onePage({ catalog: '/OpenAction 7 0 R', more: [objectStream(7, [script])] }),
    'pdf_active_content',
    'JavaScript',
  ],
  [
    'another file inside',
    () => attachedPdf('price list.xlsx'),
    'pdf_embedded_files',
    'price list.xlsx',
  ],
  [
    'a ZIP behind it',
    async () => {
      const pdf = await textPdf(['Invoice INV-BAD']);
      return followedBy(pdf, zipOf(pdf));
    },
    'pdf_trailing_bytes',
  ],
];
test.each(WAITS)('a file with %s waits for an approver’s answer', async (_, make, code, value) => {
  const { status, findings } = await upload(await make());
  expect(status).toBe(201);
  expect(findings).toEqual([
    expect.objectContaining({ code, ...(value === undefined ? {} : { value }) }),
  ]);
  const item = await invoice();
  expect(item?.blocked).toBe(true);
  expect(item?.problems.find((problem) => problem.code === code)).toMatchObject({
    overridable: true,
  });
});

test('a ZIP with a PDF in it is no PDF', async () => {
  expect((await upload(zipOf(pdfOf('INV-BAD')))).status).toBe(422);
});

test('signed files and e-invoices are welcome, and said to be what they are', async () => {
  expect(await upload(signatureFieldPdf(true))).toMatchObject({
    status: 201,
    findings: [],
    file: { served: 'signed' },
  });
  expect(await upload(await attachedPdf('factur-x.xml'))).toMatchObject({
    findings: [],
    file: { served: 'e_invoice' },
  });
});

test('after all of them, many at once, the next file is read as ever', async () => {
  const bad = [bomb(), cyclicPdf(), actingPdf('<</S/Launch/F(cmd.exe)>>'), pagelessPdf()];
  const answers = await Promise.all(
    [...bad, pdfOf('PS-BAD')].map((bytes, at) =>
      org.clerk.uploadPdf(publishId, `${at === bad.length ? 'PS-BAD' : `bad ${at}`}.pdf`, bytes),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  const { body } = await org.approver.get<{ items: Item[] }>(
    `publishes/${publishId}/review?kind=document`,
  );
  const slip = body.items.find(({ key }) => key === 'packing_slip:PS-BAD');
  expect(slip?.blocked).toBe(false);
});
