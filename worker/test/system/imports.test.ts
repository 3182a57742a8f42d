/** An import's three steps: a CSV is kept, somebody says how it is read, its rows are staged in parts. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NeonFault } from '../../../scripts/local/neon.ts';
import { CSV_MAX_ROWS } from '../../vocabulary.ts';
import { approve, csvOf, customerRow, makeOrg, type Org } from '../cast.ts';
import {
  type Answer,
  type Imported,
  readingOf,
  type Staff,
  type UploadedImport,
} from '../clients.ts';
import { CONSOLE, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});
afterEach(() => {
  stack.database.fault = null;
});

type Refusal = { error: { code: string; fields?: Record<string, string> } };
type Item = {
  kind: string;
  key: string;
  customerKey: string;
  fields: Record<string, string>;
  problems: { code: string; line: number; field?: string; otherLine?: number }[];
};

async function upload(
  csv: string | Uint8Array<ArrayBuffer>,
  publishId?: string,
  as: Staff = org.clerk,
  name?: string,
): Promise<UploadedImport> {
  const { status, body } = await as.upload(csv, publishId, name);
  expect([status, body]).toEqual([201, expect.anything()]);
  return body.import;
}
const confirm = (imported: UploadedImport, as: Staff = org.clerk) =>
  as.confirm(imported.id, readingOf(imported.detected));
const refusal = (answer: Answer<unknown>) => {
  // What is refused is an error, in the one form that errors have.
  const { error } = answer.body as Refusal;
  return [answer.status, error?.code];
};
const stateOf = async ({ id }: { id: string }) => {
  const { body } = await org.clerk.get<{ import: UploadedImport }>(`imports/${id}`);
  return body.import;
};
const itemsOf = async (publishId: string, kind: string) => {
  const { body } = await org.approver.get<{ items: Item[] }>(
    `publishes/${publishId}/review?kind=${kind}`,
  );
  return body.items;
};
const countsOf = async (publishId: string) => {
  const [row] = await stack.sql(
    `select count(*)::int as items, coalesce(sum(rows), 0)::int as rows from staff.publish_items where publish_id = $1`,
    [publishId],
  );
  return row;
};
const publishesOf = async () => {
  const rows = await stack.sql('select id from staff.publishes where org_id = $1', [org.id]);
  return rows.length;
};
const eventsOf = (publishId: string, action: string) =>
  stack.sql('select from audit.events where subject_id = $1 and action = $2', [publishId, action]);

const WIDE_ROWS = 1_350;
/** Wide rows, so that few of them make a file of several parts: 1,350 are 2.7 MB, which is three. */
const wideRow = (number: number) => `W${number},${'Wide name '.repeat(199)}${number}\n`;
const wideCsv = (header = 'customer_code,customer_name') =>
  `${header}\n${Array.from({ length: WIDE_ROWS }, (_, at) => wideRow(at)).join('')}`;

describe('an upload', () => {
  test('tells how the file would be read, and stages nothing', async () => {
    const before = await publishesOf();
    const imported = await upload(
      'Customer code;Name\nA;Adam\nB;Bert\n',
      undefined,
      org.clerk,
      'may.csv',
    );
    expect(imported).toMatchObject({
      publishId: null,
      fileName: 'may.csv',
      size: 33,
      state: 'uploaded',
      rows: 0,
      items: 0,
      detected: {
        encoding: 'utf-8',
        delimiter: ';',
        headerLine: 1,
        preview: [
          ['A', 'Adam'],
          ['B', 'Bert'],
        ],
      },
    });
    expect(await stateOf(imported)).toEqual(imported);
    expect(await publishesOf()).toBe(before);
    const object = await (await stack.bucket()).get(`${org.id}/imports/${imported.id}`);
    expect(await object?.text()).toBe('Customer code;Name\nA;Adam\nB;Bert\n');
  });

  test('is looked at anew with what a person says of it', async () => {
    const { id } = await upload('Report of May\ncustomer_code,customer_name\nA,Adam\n');
    const look = async (query: string) => {
      const { body } = await org.clerk.get<{ import: UploadedImport }>(`imports/${id}${query}`);
      return body.import?.detected;
    };
    expect(await look('')).toMatchObject({ headerLine: 2, preamble: 1 });
    expect(await look('?headerLine=3')).toMatchObject({
      headerLine: 3,
      columns: [{ name: 'A' }, { name: 'Adam' }],
    });
    expect(await look('?encoding=windows-1252')).toMatchObject({ encoding: 'windows-1252' });
    expect(refusal(await org.clerk.get(`imports/${id}?encoding=ebcdic`))).toEqual([422, 'invalid']);
  });

  test('of bytes that are staged already says when they were', async () => {
    const csv = 'customer_code,customer_name\nSAME,Same\n';
    const first = await upload(csv);
    expect(first.alreadyStaged).toBeUndefined();
    expect((await upload(csv)).alreadyStaged).toBeUndefined();
    await confirm(first);
    expect((await upload(csv)).alreadyStaged).toMatchObject({
      importId: first.id,
      at: expect.any(String),
    });
  });
});

describe('a confirmed import', () => {
  test('is staged into a publish of its own name, once, with one event', async () => {
    const imported = await upload(
      'customer_code,customer_name\nA,Adam\nB,Bert\nB,Bert\n',
      undefined,
      org.clerk,
      'june.csv',
    );
    const staged = await confirm(imported);
    expect(staged).toMatchObject({
      status: 201,
      body: {
        done: true,
        import: { id: imported.id, rows: 3, items: 2, skipped: 0, problems: [] },
      },
    });
    const { publishId } = staged.body;
    const again = await confirm(imported);
    expect(again.body).toEqual(staged.body);
    expect(await countsOf(publishId)).toEqual({ items: 2, rows: 3 });
    expect(await stateOf(imported)).toMatchObject({
      state: 'staged',
      publishId,
      rows: 3,
      items: 2,
    });
    const { body } = await org.clerk.get<{ publish: { name: string } }>(
      `publishes/${publishId}/review`,
    );
    expect(body.publish.name).toBe('june.csv');
    expect(await eventsOf(publishId, 'import.staged')).toHaveLength(1);
    expect(await eventsOf(publishId, 'publish.created')).toHaveLength(1);
  });

  test('is read as it was confirmed, and the next of its make is one confirmation', async () => {
    const csv = (number: number) => `Code of ours,Who\nK${number},Carl ${number}\n`;
    const first = await upload(csv(1));
    expect(first.detected).toMatchObject({ questions: ['columns'], profile: null });
    const reading = {
      ...readingOf(first.detected),
      fields: ['customer_code', 'customer_name'] as const,
    };
    const staged = await org.clerk.confirm(first.id, { ...reading, fields: [...reading.fields] });
    expect(staged.status).toBe(201);
    const second = await upload(csv(2));
    expect(second.detected).toMatchObject({
      questions: [],
      fields: ['customer_code', 'customer_name'],
      profile: { by: 'Clara Nowak', usedAt: expect.any(String) },
    });
    const { body } = await confirm(second);
    expect(await itemsOf(body.publishId, 'customer')).toMatchObject([
      { key: 'K2', fields: { customer_name: 'Carl 2' } },
    ]);
    const other = await makeOrg(stack, 'Borealis');
    const { detected } = await upload(csv(3), undefined, other.clerk);
    expect(detected).toMatchObject({ questions: ['columns'], profile: null });
  });

  test('in windows-1252, with semicolons and decimal commas, comes through to the cent', async () => {
    const text =
      'Kod klienta;Nazwa klienta;Numer zamówienia;Data zamówienia;Waluta;Wartosc zamówienia\r\n' +
      'K1;Żółw;ZAM-1;03.02.2026;EUR;1.234,56\r\nK1;Żółw;ZAM-2;28.02.2026;EUR;-7,50\r\n'
        .replaceAll('Ż', 'Z')
        .replaceAll('ł', 'l');
    const bytes = Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));
    const imported = await upload(bytes);
    expect(imported.detected).toMatchObject({
      encoding: 'windows-1252',
      delimiter: ';',
      dateOrder: 'dmy',
      decimal: ',',
      questions: ['encoding'],
    });
    expect(imported.detected.fields).toEqual([
      'customer_code',
      'customer_name',
      'order_number',
      'order_date',
      'currency',
      'order_total',
    ]);
    const { body } = await confirm(imported);
    expect(body.import).toMatchObject({ rows: 2, items: 3, problems: [] });
    expect((await itemsOf(body.publishId, 'order')).map(({ fields }) => fields)).toMatchObject([
      { order_number: 'ZAM-1', order_date: '2026-02-03', order_total: '1234.56' },
      { order_number: 'ZAM-2', order_date: '2026-02-28', order_total: '-7.50' },
    ]);
    const [customer] = await itemsOf(body.publishId, 'customer');
    expect(customer?.fields.customer_name).toBe('Zólw');
  });

  test('in windows-1250, as Excel writes it in Poland, comes through with its letters', async () => {
    const head = 'Kod klienta;Nazwa klienta;Warto\x9c\xe6 zam\xf3wienia;Numer zam\xf3wienia\r\n';
    const text = `${head}K1;\xaf\xf3\xb3w i Wsp\xf3lnicy;1,50;ZAM-1\r\n`;
    const imported = await upload(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    expect(imported.detected).toMatchObject({
      encoding: 'windows-1250',
      fields: ['customer_code', 'customer_name', 'order_total', 'order_number'],
      questions: ['encoding'],
    });
    const { body } = await confirm(imported);
    expect((await itemsOf(body.publishId, 'customer'))[0]?.fields).toMatchObject({
      customer_name: 'Żółw i Wspólnicy',
    });
  });

  test('that is read wrongly is refused with each field that is wrong', async () => {
    const imported = await upload('customer_code,customer_name\nA,Adam\n');
    const reading = readingOf(imported.detected);
    const refused = async (fields: typeof reading.fields) => {
      const answer = await org.clerk.confirm(imported.id, { ...reading, fields });
      return [answer.status, (answer.body as unknown as Refusal).error];
    };
    const invalid = (fields: Record<string, string>) => [
      422,
      expect.objectContaining({ code: 'reading_invalid', fields }),
    ];
    expect(await refused(['customer_code', 'customer_code'])).toEqual(
      invalid({ customer_code: 'field_twice' }),
    );
    expect(await refused([null, 'customer_name'])).toEqual(invalid({ columns: 'key_unmapped' }));
    expect(await refused(['customer_code'])).toEqual(invalid({ columns: 'columns_differ' }));
    expect(
      refusal(await org.clerk.post(`imports/${imported.id}/staging`, { reading: {} })),
    ).toEqual([422, 'invalid']);
    expect(await stateOf(imported)).toMatchObject({ state: 'uploaded', publishId: null });
  });

  test('of a publish that is decided meanwhile is refused', async () => {
    const { body } = await confirm(await upload(csvOf([customerRow('DONE', org)])));
    const late = await upload('customer_code,customer_name\nLATE,Late\n', body.publishId);
    expect((await approve(org, body.publishId)).status).toBe(200);
    expect(refusal(await confirm(late))).toEqual([409, 'publish_not_staged']);
    expect(refusal(await org.clerk.upload('customer_code\nA\n', body.publishId))).toEqual([
      409,
      'publish_not_staged',
    ]);
    expect(await itemsOf(body.publishId, 'customer')).toHaveLength(1);
  });

  test('is whose who said how it is read: an approver who confirms it leaves its approval to another', async () => {
    const own = await makeOrg(stack);
    const imported = await upload(csvOf([customerRow('A', own)]), undefined, own.clerk);
    const { body } = await confirm(imported, own.approver);
    const review = await own.approver.get<{ approval: object }>(
      `publishes/${body.publishId}/review`,
    );
    expect(review.body.approval).toMatchObject({ allowed: false, reason: 'own_import' });
    // An upload that nobody confirms has brought nothing in.
    const other = await own.clerk.post<{ id: string }>('publishes', { name: 'By the clerk' });
    await upload(csvOf([customerRow('B', own)]), other.body.id, own.approver);
    await confirm(
      await upload(csvOf([customerRow('C', own)]), other.body.id, own.clerk),
      own.clerk,
    );
    const second = await own.approver.get<{ approval: object; imports: object[] }>(
      `publishes/${other.body.id}/review`,
    );
    expect(second.body.approval).toMatchObject({ allowed: true });
    expect(second.body.imports).toHaveLength(1);
  });

  test('is whose both are, who sent it and who said how it is read: neither approves it', async () => {
    const own = await makeOrg(stack);
    const { body: made } = await own.clerk.post<{ id: string }>('publishes', { name: 'Clerk’s' });
    const sent = await upload(csvOf([customerRow('A', own)]), made.id, own.approver);
    const { body } = await confirm(sent, own.owner);
    for (const as of [own.approver, own.owner]) {
      const review = await as.get<{ approval: object }>(`publishes/${body.publishId}/review`);
      expect(review.body.approval).toMatchObject({ allowed: false, reason: 'own_import' });
    }
  });

  test('may be a machine’s, from its upload to the rows with problems', async () => {
    const imported = await upload(
      'customer_code,customer_name\nM,Machine\n',
      undefined,
      org.service,
    );
    expect((await org.service.get(`imports/${imported.id}`)).status).toBe(200);
    expect((await confirm(imported, org.service)).status).toBe(201);
    expect((await org.service.get(`imports/${imported.id}/problems.csv`)).status).toBe(200);
  });
});

describe('an import of several parts', () => {
  const lines = async (response: Response, count: number) => {
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = '';
    while (reader && text.split('\n').length <= count) {
      const { value, done } = await reader.read();
      if (done) {
        break;
      }
      text += decoder.decode(value, { stream: true });
    }
    await reader?.cancel();
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const stage = (imported: UploadedImport) =>
    stack.fetch(`${CONSOLE}/api/admin/${org.slug}/imports/${imported.id}/staging`, {
      method: 'POST',
      headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ reading: readingOf(imported.detected) }),
    });

  test('tells where it is, part by part', async () => {
    const imported = await upload(wideCsv());
    const response = await stage(imported);
    expect(response.headers.get('Content-Type')).toBe('application/x-ndjson');
    const told = await lines(response, 10);
    const { size } = imported;
    expect(told.slice(0, -1)).toEqual([
      { position: 0, size, rows: 0 },
      { position: 1_000_000, size, rows: expect.any(Number) },
      { position: 2_000_000, size, rows: expect.any(Number) },
    ]);
    expect(told.at(-1)).toMatchObject({
      done: true,
      import: { rows: WIDE_ROWS, items: WIDE_ROWS },
    });
    expect(await countsOf(told.at(-1).publishId)).toEqual({ items: WIDE_ROWS, rows: WIDE_ROWS });
  });

  test('that breaks off is begun again, and nothing is there twice; until then nobody approves it', async () => {
    const imported = await upload(wideCsv());
    stack.database.fault = { kind: 'error', match: 'staff.finish_import' };
    expect(refusal(await confirm(imported))).toEqual([500, 'internal']);
    stack.database.fault = null;
    const { publishId, state } = await stateOf(imported);
    expect(state).toBe('reading');
    const half = await countsOf(publishId ?? '');
    expect(half?.items).toBeGreaterThan(WIDE_ROWS / 2);
    expect(half?.items).toBeLessThan(WIDE_ROWS);
    const review = await org.approver.get<{ hash: string }>(`publishes/${publishId}/review`);
    const signed = await org.approver.post(`publishes/${publishId}/approval`, {
      reviewHash: review.body.hash,
    });
    expect(refusal(signed)).toEqual([409, 'import_unfinished']);

    await lines(await stage(imported), 2);
    const { status, body } = await confirm(imported);
    expect([status, body.publishId]).toEqual([201, publishId]);
    expect(body.import).toMatchObject({ rows: WIDE_ROWS, items: WIDE_ROWS, skipped: 0 });
    expect(await countsOf(body.publishId)).toEqual({ items: WIDE_ROWS, rows: WIDE_ROWS });
    for (const action of ['publish.created', 'import.staged']) {
      expect(await eventsOf(body.publishId, action)).toHaveLength(1);
    }
  });

  test('is staged in its order, should one part overtake another', async () => {
    const imported = await upload(wideCsv());
    const fault: NeonFault = { kind: 'overtaken', match: 'staff.stage_items' };
    stack.database.fault = fault;
    const { status, body } = await confirm(imported);
    stack.database.fault = null;
    await fault.by?.promise;
    expect([status, body.import.items]).toEqual([201, WIDE_ROWS]);
    expect(await countsOf(body.publishId)).toEqual({ items: WIDE_ROWS, rows: WIDE_ROWS });
  });

  test('that is asked for twice at once is staged once', async () => {
    const imported = await upload(wideCsv());
    const answers = await Promise.all([confirm(imported), confirm(imported), confirm(imported)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const [publishId, ...others] = new Set(answers.map(({ body }) => body.publishId));
    expect(others).toEqual([]);
    expect(await countsOf(publishId ?? '')).toEqual({ items: WIDE_ROWS, rows: WIDE_ROWS });
    expect(await eventsOf(publishId ?? '', 'import.staged')).toHaveLength(1);
  });

  test('that broke off may begin again with another reading, while it is alone in its publish', async () => {
    const { id, detected } = await upload(wideCsv('Nr,Who it is'));
    const reading = readingOf(detected);
    stack.database.fault = { kind: 'error', match: 'staff.finish_import' };
    const first = await org.clerk.confirm(id, {
      ...reading,
      fields: ['customer_code', 'customer_name'],
    });
    expect(first.status).toBe(500);
    stack.database.fault = null;
    const { body } = await org.clerk.confirm(id, { ...reading, fields: ['customer_code', null] });
    expect(body.import).toMatchObject({ rows: WIDE_ROWS, items: WIDE_ROWS });
    const [item] = await itemsOf(body.publishId, 'customer');
    expect(item?.fields).toEqual({ customer_code: 'W0' });
  });

  test('that cannot be read to its end leaves nothing behind', async () => {
    const before = await publishesOf();
    const imported = await upload(`${wideCsv()}X,"never closed\n`);
    const refused = await confirm(imported);
    expect(refusal(refused)).toEqual([422, 'csv_unclosed_quote']);
    expect((refused.body as unknown as Refusal).error.fields).toEqual({ line: `${WIDE_ROWS + 2}` });
    expect(await publishesOf()).toBe(before);
    expect(await stateOf(imported)).toMatchObject({ state: 'uploaded', publishId: null });
  });

  test('keeps the first value of an item, whichever part the second is in, and names both lines', async () => {
    const wide = Array.from({ length: 700 }, (_, at) => `,,,${wideRow(at)}`).join('');
    const csv =
      'order_number,order_date,po_number,customer_code,customer_name\n' +
      `SO-1,2026-05-01,,,\n${wide}so-1,2026-05-02,PO-1,,\nSO-1,,,A,\n`;
    const { body } = await confirm(await upload(csv));
    expect(body.import).toMatchObject({
      rows: 703,
      problems: [{ code: 'contradiction', line: 703 }],
    });
    const [order] = await itemsOf(body.publishId, 'order');
    expect(order).toMatchObject({
      key: 'SO-1',
      customerKey: 'A',
      fields: { order_number: 'SO-1', order_date: '2026-05-01', po_number: 'PO-1' },
    });
    expect(order?.problems.filter(({ code }) => code === 'contradiction')).toMatchObject([
      { line: 703, field: 'order_date', otherLine: 2 },
    ]);
    expect((await countsOf(body.publishId))?.rows).toBe(703);
  });

  test('has as many rows as are allowed, and not one more', async () => {
    const rows = (count: number) => `customer_code\n${'A\n'.repeat(count)}`;
    const { body } = await confirm(await upload(rows(CSV_MAX_ROWS)));
    expect(body.import).toMatchObject({ rows: CSV_MAX_ROWS, items: 1 });
    expect(await countsOf(body.publishId)).toEqual({ items: 1, rows: CSV_MAX_ROWS });
    const before = await publishesOf();
    const more = await upload(rows(CSV_MAX_ROWS + 1));
    expect(refusal(await confirm(more))).toEqual([422, 'too_many_rows']);
    expect(await publishesOf()).toBe(before);
  });
});

test('a later import of several parts overrides an earlier one, and clears what it mends', async () => {
  const first =
    'customer_code,order_number,order_date,order_status,po_number\nA,SO-9,2026-05-01,lost,PO-1\n';
  const { body } = await confirm(await upload(first));
  const wide = Array.from({ length: 700 }, (_, at) => `,,,,${wideRow(at)}`).join('');
  const second =
    'order_number,order_date,order_status,po_number,customer_code,customer_name\n' +
    `SO-9,2026-05-02,,,,\n${wide}SO-9,,shipped,,,\n`;
  await confirm(await upload(second, body.publishId));
  const [order] = await itemsOf(body.publishId, 'order');
  expect(order).toMatchObject({
    customerKey: 'A',
    fields: { order_date: '2026-05-02', order_status: 'shipped', po_number: 'PO-1' },
  });
  expect(order?.problems.map(({ code }) => code)).not.toContain('unknown_status');
  expect((await countsOf(body.publishId))?.rows).toBe(703);
});

test('rows of a later import add up with those of an earlier one', async () => {
  const csv = 'customer_code,customer_name\nA,Adam\nA,Adam\n';
  const { body } = await confirm(await upload(csv));
  await confirm(await upload('customer_code,customer_name\nA,Anna\n', body.publishId));
  expect(await countsOf(body.publishId)).toEqual({ items: 1, rows: 3 });
  expect(await itemsOf(body.publishId, 'customer')).toMatchObject([
    { fields: { customer_name: 'Anna' } },
  ]);
});

describe('the rows with problems', () => {
  const problemsOf = async (imported: { id: string }) => {
    const answer = await org.clerk.get<string>(`imports/${imported.id}/problems.csv`);
    return {
      ...answer,
      lines: answer.body
        .replace(/^\ufeff/, '')
        .trimEnd()
        .split('\r\n'),
    };
  };

  test('come back as they stand, with what is wrong, and can be sent again', async () => {
    const csv =
      'Export of May;;\ncustomer_code;order_number;order_date\nA;"SO;1";2026-02-30\nA;SO-2;2026-02-28\nA;SO-3\nA;"SO\n4";x\n';
    const imported = await upload(csv);
    expect(refusal(await org.clerk.get(`imports/${imported.id}/problems.csv`))).toEqual([
      409,
      'import_unfinished',
    ]);
    const { body } = await confirm(imported);
    const { headers, lines } = await problemsOf(imported);
    expect(headers.get('Content-Type')).toContain('text/csv');
    expect(headers.get('Content-Disposition')).toContain(
      'attachment; filename="index-problems.csv"',
    );
    const notADate = (cell: string) =>
      `This is not a date that can be read with certainty (order_date: ${cell})`;
    expect(lines).toEqual([
      'problem;customer_code;order_number;order_date',
      `${notADate('2026-02-30')};A;"SO;1";2026-02-30`,
      expect.stringMatching(/^"?The row has more or fewer cells than the header.*;A;SO-3$/),
      `${notADate('x')};A;"SO\n4";x`,
    ]);
    // Sent again unmended, they come back as they were: with one column of problems.
    const unmended = await upload(lines.slice(0, 2).join('\r\n'), body.publishId);
    await confirm(unmended);
    expect((await problemsOf(unmended)).lines).toEqual(lines.slice(0, 2));
    const mended = lines.slice(0, 2).join('\r\n').replace(';2026-02-30', ';2026-02-20');
    const again = await upload(mended, body.publishId);
    // It is a file of the same make: the column of problems is not its own.
    expect(again.detected).toMatchObject({
      fields: ['customer_code', 'order_number', 'order_date'],
      questions: [],
    });
    const staged: Answer<Imported> = await confirm(again);
    expect(staged.body.import.problems).toEqual([]);
    const orders = await itemsOf(body.publishId, 'order');
    const order = orders.find(({ key }) => key === 'SO;1');
    expect(order?.fields.order_date).toBe('2026-02-20');
    expect(order?.problems.map(({ code }) => code)).toEqual(['customer_not_published']);
  });

  test('of a file without any are its header alone', async () => {
    const imported = await upload('customer_code,customer_name\nA,Adam\n');
    await confirm(imported);
    expect((await problemsOf(imported)).lines).toEqual(['problem,customer_code,customer_name']);
  });
});
