/** Many documents as one ZIP: what is in it, what it weighs, and what it leaves behind. */
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  customerRow,
  day,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  setSettings,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { type Entry, entriesOf, stampOn, textOf } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
let linkId: string;
/** Names that no file system should have to hold as they are. */
const ODD = ['../../etc/passwd', 'A:B*C?', 'zażółć/1', '=1+1', 'Q/1', 'q:1'];

const slip = (number: string, on: string, order = 'SO-Z1') => ({
  customer_code: 'A',
  order_number: order,
  document_kind: 'packing_slip',
  document_number: number,
  document_date: on,
  file_name: `file of ${ODD.indexOf(number)}.pdf`,
});

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { drawsConfirmations: true, hourlyRequestLimit: 1000 });
  await publish(
    org,
    [
      customerRow('A', org),
      customerRow('B', org),
      ...orderRows('A', 'Z1'),
      ...orderRows('A', 'Z2'),
      ...orderRows('B', 'ZB'),
      ...ODD.map((number, at) => slip(number, day(-100 - at))),
      { ...orderRows('A', 'EMPTY')[0], order_number: 'SO-EMPTY', order_status: 'pending' },
    ],
    {
      ...orderFiles('Z1'),
      ...orderFiles('Z2'),
      ...orderFiles('ZB'),
      ...Object.fromEntries(
        ODD.map((number, at) => [`file of ${at}.pdf`, pdfOf(`odd ${at} ${number}`)]),
      ),
    },
  );
  const link = await makeLink(stack, org, 'A');
  linkId = link.id;
  customer = await openLink(stack, link.url);
});

type Refusal = { error: { code: string; fields?: Record<string, string> } };
async function zipOf(path: string, by = customer) {
  const answer = await by.bytes(path);
  const zip = new Uint8Array(await answer.arrayBuffer());
  expect(answer.status, new TextDecoder().decode(zip.subarray(0, 300))).toBe(200);
  return { answer, zip, entries: entriesOf(zip) };
}
const indexOf = (entries: Entry[]) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(entries[0]?.bytes);
const names = (entries: Entry[]) => entries.map(({ name }) => name).sort();
const orderId = async (number: string) => {
  const [row] = await stack.sql<{ id: string }>(
    'select id from portal.orders where org_id = $1 and number = $2',
    [org.id, number],
  );
  return row?.id ?? '';
};
const traces = async () => {
  const [row] = await stack.sql<{ stamps: string; events: string }>(
    `select (select count(*) from staff.stamps where org_id = $1) as stamps,
            (select count(*) from audit.events where org_id = $1 and action like 'document.%') as events`,
    [org.id],
  );
  return row;
};

describe('a ZIP of everything', () => {
  test('is whole: its length was told, its sums are right, each copy in it is a PDF', async () => {
    const { answer, zip, entries } = await zipOf('documents.zip');
    expect(answer.headers.get('Content-Type')).toBe('application/zip');
    expect(answer.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="[\w-]+\.zip"/,
    );
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store');
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.headers.get('Content-Length')).toBe(String(zip.byteLength));
    for (const { name, crc, size, bytes } of entries) {
      expect([name, bytes.byteLength, crc32(bytes)]).toEqual([name, size, crc]);
    }
    const copies = entries.slice(1);
    expect(copies).toHaveLength(4 + ODD.length + 2);
    for (const { name, bytes } of copies) {
      expect((await stampOn(bytes)).reference, name).toMatch(/^[0-9A-F]{4}-/);
    }
    const drawn = copies.find(({ name }) => name === 'SO-Z1.pdf');
    expect(await textOf(drawn?.bytes ?? new Uint8Array())).toContain('Hex bolt M8');
  });

  test('names its files so that they unzip anywhere, and none takes another’s place', async () => {
    const { entries } = await zipOf('documents.zip');
    const all = names(entries);
    expect(new Set(all.map((name) => name.toLowerCase())).size).toBe(all.length);
    for (const name of all) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be in a name
      expect(name).not.toMatch(/[/\\:*?"<>|\u0000-\u001f]|^\./);
    }
    expect(all).toEqual(expect.arrayContaining(['index.csv', 'INV-Z1.pdf', 'PS-Z2.pdf']));
    const said = await Promise.all(entries.slice(1).map(({ bytes }) => textOf(bytes)));
    for (const at of ODD.keys()) {
      expect(said.filter((text) => text.includes(`odd ${at} `))).toHaveLength(1);
    }
  });

  test('has an index that a spreadsheet opens, and that leads from each file to its event', async () => {
    const { entries } = await zipOf('documents.zip');
    const index = indexOf(entries);
    expect(entries[0]?.name).toBe('index.csv');
    expect(index).toMatch(/^\ufefffile,kind,number,date,order,reference\r\n/);
    // A number that begins a formula is disarmed.
    expect(index).toContain(",'=1+1,");
    expect(index).not.toMatch(/(^|,|\n)"?[=+@-]/);
    const rows = index.trimEnd().split('\r\n').slice(1);
    expect(rows).toHaveLength(entries.length - 1);
    for (const { name, bytes } of entries.slice(1)) {
      const { reference } = await stampOn(bytes);
      const row = rows.find((line) => line.startsWith(`${name},`) || line.startsWith(`'${name},`));
      expect([name, row?.split(',').at(-1)]).toEqual([name, reference]);
      const events = await stack.sql(
        "select action, detail->>'zip' as zip from audit.events where org_id = $1 and detail->>'reference' = $2",
        [org.id, reference],
      );
      expect(events).toEqual([{ action: 'document.downloaded', zip: 'true' }]);
    }
  });

  test('counts once, and is new with each taking', async () => {
    const hour = async () => {
      const [row] = await stack.sql<{ count: number }>(
        'select hour_count as count from staff.access_links where id = $1',
        [linkId],
      );
      return row?.count ?? 0;
    };
    const before = await hour();
    const [first, second] = [await zipOf('documents.zip'), await zipOf('documents.zip')];
    expect(await hour()).toBe(before + 2);
    const references = [first, second].flatMap(({ entries }) =>
      indexOf(entries).match(/[0-9A-F]{4}(-[0-9A-F]{4}){3}/g),
    );
    expect(new Set(references).size).toBe(references.length);
  });

  test('that is only looked at takes nothing', async () => {
    const before = await traces();
    const answer = await customer.bytes('documents.zip', 'HEAD');
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 0]);
    expect(await traces()).toEqual(before);
  });
});

describe('a ZIP of some', () => {
  test('of an order holds that order’s documents', async () => {
    const { entries } = await zipOf(`orders/${await orderId('SO-Z2')}/documents.zip`);
    expect(names(entries)).toEqual(['INV-Z2.pdf', 'PS-Z2.pdf', 'SO-Z2.pdf', 'index.csv']);
  });

  test('of a kind, and of days, first and last included', async () => {
    const invoices = await zipOf('documents.zip?kind=invoice');
    expect(names(invoices.entries)).toEqual(['INV-Z1.pdf', 'INV-Z2.pdf', 'index.csv']);
    const count = async (query: string) =>
      (await zipOf(`documents.zip?${query}`)).entries.length - 1;
    expect(await count(`from=${day(-105)}&to=${day(-100)}`)).toBe(6);
    expect(await count(`from=${day(-104)}&to=${day(-101)}`)).toBe(4);
    expect(await count(`to=${day(-105)}`)).toBe(1);
    expect(await count(`kind=packing_slip&from=${day(-19)}`)).toBe(2);
  });

  describe('of a selection', () => {
    const documentIds = async (...numbers: string[]) => {
      const rows = await stack.sql<{ id: string; number: string }>(
        'select id, number from portal.documents where org_id = $1',
        [org.id],
      );
      return numbers.map((number) => rows.find((row) => row.number === number)?.id ?? '');
    };

    test('holds exactly what was chosen, each taken with an event of its own', async () => {
      const ids = await documentIds('INV-Z1', 'PS-Z2', 'Q/1');
      const before = await traces();
      const { entries } = await zipOf(`documents.zip?ids=${ids}`);
      expect(names(entries)).toEqual(['INV-Z1.pdf', 'PS-Z2.pdf', 'Q_1.pdf', 'index.csv']);
      const after = await traces();
      expect(Number(after?.stamps)).toBe(Number(before?.stamps) + 3);
      const events = await stack.sql<{ subject: string }>(
        `select subject_id as subject from audit.events where org_id = $1 and action = 'document.downloaded' and detail->>'zip' = 'true'
          order by at desc, id desc limit 3`,
        [org.id],
      );
      expect(events.map(({ subject }) => subject).sort()).toEqual(ids.toSorted());
    });

    test('is without what is foreign, unknown or named twice, and tells nothing of it', async () => {
      const [own = '', foreign] = await documentIds('PS-Z1', 'PS-ZB');
      const ids = [own, foreign, crypto.randomUUID(), own];
      const { entries } = await zipOf(`documents.zip?ids=${ids}`);
      expect(names(entries)).toEqual(['PS-Z1.pdf', 'index.csv']);
      const stamps = await stack.sql(
        'select 1 from staff.stamps where org_id = $1 and document_id = $2',
        [org.id, foreign],
      );
      expect(stamps).toEqual([]);
    });

    test('of which nothing is left there is none', async () => {
      const [foreign] = await documentIds('PS-ZB');
      const [invoice] = await documentIds('INV-Z1');
      const { url } = await makeLink(stack, org, 'A', 'no_financials');
      const narrow = await openLink(stack, url);
      const before = await traces();
      for (const [by, id] of [
        [customer, foreign],
        [customer, crypto.randomUUID()],
        [narrow, invoice],
      ] as const) {
        const { status, body } = await by.me<Refusal>(`documents.zip?ids=${id}`);
        expect([status, body.error.code]).toEqual([404, 'not_found']);
      }
      expect(await traces()).toEqual(before);
    });

    test('of more than 100 says the limit; of what are no ids, that they are none', async () => {
      const [own] = await documentIds('PS-Z1');
      const many = Array.from({ length: 100 }, () => crypto.randomUUID());
      const { status, body } = await customer.me<Refusal>(`documents.zip?ids=${[own, ...many]}`);
      expect([status, body.error]).toMatchObject([
        422,
        { code: 'too_many_documents', fields: { count: '101', limit: '100' } },
      ]);
      expect((await zipOf(`documents.zip?ids=${[own, ...many.slice(1)]}`)).entries).toHaveLength(2);
      for (const ids of ['', ',', 'x', `${own},x`]) {
        expect([ids, (await customer.me(`documents.zip?ids=${ids}`)).status]).toEqual([ids, 422]);
      }
    });
  });

  test('of a number holds what the list of that number holds', async () => {
    for (const [q, found] of [
      ['inv-z', ['INV-Z1', 'INV-Z2']],
      ['SO-Z2', ['INV-Z2', 'PS-Z2', 'SO-Z2']],
      ['PO-Z2', ['INV-Z2', 'PS-Z2', 'SO-Z2']],
      ['Ż', ['zażółć/1']],
    ] as const) {
      const { body } = await customer.me<{ documents: { number: string }[] }>(
        `documents?q=${encodeURIComponent(q)}`,
      );
      expect([q, body.documents.map(({ number }) => number).sort()]).toEqual([q, [...found]]);
      const { entries } = await zipOf(`documents.zip?q=${encodeURIComponent(q)}`);
      expect([q, entries.length]).toEqual([q, found.length + 1]);
    }
    for (const q of ['%', 'ZB', 'SO-ZB']) {
      const path = `documents.zip?q=${encodeURIComponent(q)}`;
      expect([q, (await customer.me(path)).status]).toEqual([q, 404]);
    }
  });

  test('of none there is none: of the future, of an order without papers, of another’s or of nobody’s', async () => {
    const none = [
      `documents.zip?from=${day(1)}`,
      'documents.zip?kind=statement',
      `orders/${await orderId('SO-EMPTY')}/documents.zip`,
      `orders/${await orderId('SO-ZB')}/documents.zip`,
      `orders/${crypto.randomUUID()}/documents.zip`,
    ];
    const before = await traces();
    for (const path of none) {
      const { status, body } = await customer.me<Refusal>(path);
      expect([path, status, body.error?.code]).toEqual([path, 404, 'not_found']);
      expect((await customer.bytes(path, 'HEAD')).status).toBe(404);
    }
    expect(await traces()).toEqual(before);
    const backwards = `from=${day(-1)}&to=${day(-2)}`;
    for (const query of ['kind=letters', 'from=yesterday', 'to=2026-13-01', backwards]) {
      expect((await customer.me(`documents.zip?${query}`)).status).toBe(422);
      expect((await customer.me(`documents?${query}`)).status).toBe(422);
    }
  });

  test('of a link without financials holds no amounts', async () => {
    const { url } = await makeLink(stack, org, 'A', 'no_financials');
    const narrow = await openLink(stack, url);
    const { entries } = await zipOf(`orders/${await orderId('SO-Z1')}/documents.zip?`, narrow);
    expect(names(entries).filter((name) => /^(INV|SO)/.test(name))).toEqual([]);
    expect(names(entries)).toContain('PS-Z1.pdf');
    expect((await narrow.me('documents.zip?kind=invoice')).status).toBe(404);
  });
});

test('a document that was published before sums were kept has its own in the ZIP', async () => {
  await stack.sql(
    `update portal.documents set served = 'plain', object_sha256 = file_sha256, object_size = file_size,
            slot_offset = null, slot_length = null, head_crc = null, tail_crc = null
      where org_id = $1 and number = 'PS-ZB'`,
    [org.id],
  );
  const { url } = await makeLink(stack, org, 'B');
  const { entries } = await zipOf('documents.zip?kind=packing_slip', await openLink(stack, url));
  expect(entries).toHaveLength(2);
  for (const { name, crc, bytes } of entries) {
    expect([name, crc32(bytes)]).toEqual([name, crc]);
  }
});

test('a paper without a date is of the day on which it was first shown where its supplier is', async () => {
  const away = await makeOrg(stack);
  await setSettings(away, { timeZone: 'America/New_York' });
  const { document_date: _, ...undated } = slip('PS-NIGHT', '');
  await publish(
    away,
    [
      customerRow('A', away),
      ...orderRows('A', 'Z1').slice(0, 1),
      { ...undated, file_name: 'night.pdf' },
    ],
    { 'night.pdf': pdfOf('PS-NIGHT') },
  );
  await stack.sql("update portal.documents set shown_at = '2026-03-01T03:00Z' where org_id = $1", [
    away.id,
  ]);
  const night = await openLink(stack, (await makeLink(stack, away, 'A')).url);
  const listed = async (query: string) =>
    (await night.me<{ documents: object[] }>(`documents?${query}`)).body.documents.length;
  const statusOf = async (path: string) => (await night.bytes(path)).status;
  const [february, march] = ['from=2026-02-28&to=2026-02-28', 'from=2026-03-01&to=2026-03-01'];
  expect([await listed(february), await listed(march)]).toEqual([1, 0]);
  for (const zip of ['documents.zip', 'packs/month.zip']) {
    expect([await statusOf(`${zip}?${february}`), await statusOf(`${zip}?${march}`)], zip).toEqual([
      200, 404,
    ]);
  }
});

describe('a ZIP that would be too much', () => {
  /** More of B's documents than were published, as rows alone: none of them is ever opened. */
  const grow = (count: number, size: number) =>
    stack.sql(
      `insert into portal.documents (org_id, customer_id, kind, number, number_key, dated_on, file_name, file_sha256,
                                     file_size, served, object_sha256, object_size, head_crc)
       select d.org_id, d.customer_id, 'statement', 'ST-' || n, 'ST-' || n, current_date, 'st.pdf', d.file_sha256,
              $3, 'plain', d.object_sha256, $3, 0
         from portal.documents d, generate_series(1, $2::int) n where d.org_id = $1 and d.number = 'PS-ZB'`,
      [org.id, count, size],
    );
  const shrink = () =>
    stack.sql("delete from portal.documents where org_id = $1 and kind = 'statement'", [org.id]);

  test.each([
    ['201 documents', 201, 1000, 'too_many_documents', { limit: '200' }],
    [
      'more than 250 MB',
      11,
      23_000_000,
      'zip_too_large',
      { bytes: '253000000', limit: '250000000' },
    ],
  ])('%s: says the limit, and nothing is taken', async (_, count, size, code, fields) => {
    await grow(count, size);
    const { url } = await makeLink(stack, org, 'B');
    const other = await openLink(stack, url);
    const before = await traces();
    for (const method of ['GET', 'HEAD']) {
      const answer = await other.bytes('documents.zip?kind=statement', method);
      expect([method, answer.status]).toEqual([method, 422]);
      if (method === 'GET') {
        const { error }: Refusal = JSON.parse(await answer.text());
        expect(error).toMatchObject({ code, fields });
        expect(Object.values(error.fields ?? {}).every((text) => typeof text === 'string')).toBe(
          true,
        );
      }
    }
    expect(await traces()).toEqual(before);
    // Narrowed, there is one.
    expect(names((await zipOf('documents.zip?kind=packing_slip', other)).entries)).toEqual([
      'PS-ZB.pdf',
      'index.csv',
    ]);
    await shrink();
  });
});
