/** The rows with problems, mended and sent again: they take their own places, and no other line's. */
import { beforeAll, describe, expect, test } from 'vitest';
import { approve, csvOf, customerRow, makeOrg, type Org } from '../cast.ts';
import { readingOf } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

type Line = {
  key: string;
  passes: boolean;
  fields: Record<string, string>;
  problems: { code: string; value?: string }[];
};

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const HEADER = 'customer_code,order_number,order_date,line_description,line_quantity,line_total';
const fileOf = (...lines: string[]) =>
  [HEADER, ...lines.map((line) => `A,O1,2026-05-01,${line}`)].join('\n');

async function linesOf(publishId: string): Promise<Line[]> {
  const { body } = await org.approver.get<{ items: Line[] }>(
    `publishes/${publishId}/review?kind=order_line`,
  );
  return body.items.toSorted((one, other) => one.key.localeCompare(other.key));
}
const said = async (publishId: string) =>
  (await linesOf(publishId)).map(({ key, fields, problems }) => [
    key,
    fields.line_description,
    fields.line_quantity,
    fields.line_total,
    problems
      .map(({ code }) => code)
      .filter((code) => !code.endsWith('_published'))
      .join(' '),
  ]);

async function stage(csv: string, publishId?: string) {
  const { body } = await org.clerk.importCsv(csv, publishId);
  expect(body.import).toBeDefined();
  const { id, rows, skipped, problems } = body.import;
  const { body: csvOfProblems } = await org.clerk.get<string>(`imports/${id}/problems.csv`);
  return { id, publishId: body.publishId, rows, skipped, problems, toMend: csvOfProblems };
}

describe('the rows with problems of a file that does not number its lines', () => {
  test('take their own places, and leave the other lines as they are', async () => {
    const { publishId, toMend } = await stage(
      fileOf('Bolt,5,1.00', 'Nut,,2.00', 'Screw,7,7.x0', 'Washer,1,1.00'),
    );
    await stage(toMend.replace('Screw,7,7.x0', 'Screw,,7.50'), publishId);
    expect(await said(publishId)).toEqual([
      ['O1#1', 'Bolt', '5', '1.00', ''],
      ['O1#2', 'Nut', undefined, '2.00', ''],
      ['O1#3', 'Screw', '7', '7.50', ''],
      ['O1#4', 'Washer', '1', '1.00', ''],
    ]);
  });

  test('keep them while they cannot be read: no other line moves, and a row in two pieces of an order neither', async () => {
    const { publishId, toMend, rows, skipped } = await stage(
      `${fileOf('Bolt,5,1.00', 'Nut,2', 'Screw,7,2.00')}\nA,O2,2026-05-01,Rod,1,1.00\nA,O1,2026-05-01,Washer,1,x`,
    );
    expect([rows, skipped]).toEqual([5, 1]);
    const again = await stage(
      toMend.replace('Nut,2', 'Nut,2,3.00').replace('Washer,1,x', 'Washer,1,4.00'),
      publishId,
    );
    expect(again.problems).toEqual([]);
    expect((await said(publishId)).map((line) => line.join(' ').trim())).toEqual([
      'O1#1 Bolt 5 1.00',
      'O1#2 Nut 2 3.00',
      'O1#3 Screw 7 2.00',
      'O1#4 Washer 1 4.00',
      'O2#1 Rod 1 1.00',
    ]);
  });

  test('are told no number of an order that only a row of shifted cells names', async () => {
    const { publishId, toMend } = await stage(
      `${fileOf('Bolt,5,1.00')}\nO1,2026-05-01,Nut,6,2.00\nA,O1,2026-05-01,Screw,7,3.00`,
    );
    expect(toMend).toContain('\r\n,');
    const mended = await stage(toMend.replace('header,O1', 'header,A,O1'), publishId);
    expect(mended.problems.map(({ code }) => code)).toEqual(['line_unplaced']);
    const bolt = (await said(publishId)).find(([key]) => key === 'O1#1');
    expect(bolt).toEqual(['O1#1', 'Bolt', '5', '1.00', '']);
  });

  test('are staged as the file was, in one click, whatever its columns are called', async () => {
    const header = 'Kunde;Auftrag;Wann;Was;Preis';
    const first = `${header}\nA;O1;03.04.2026;Bolt;1,00\nA;O1;03.04.2026;Nut;x\n`;
    const { body } = await org.clerk.upload(first);
    const reading = { ...readingOf(body.import.detected), dateOrder: 'dmy', decimal: ',' } as const;
    const fields = [
      'customer_code',
      'order_number',
      'order_date',
      'line_description',
      'line_total',
    ] as const;
    const staged = await org.clerk.confirm(body.import.id, { ...reading, fields: [...fields] });
    const { body: toMend } = await org.clerk.get<string>(`imports/${body.import.id}/problems.csv`);
    expect(toMend).toContain(`line_number;problem;${header}\r\n2;`);
    const mended = toMend.replace('Nut;x', 'Nut;2,00');
    const { body: again } = await org.clerk.upload(mended, staged.body.publishId);
    expect(again.import.detected).toMatchObject({ fields, questions: [], decimal: ',' });
    expect(again.import.detected.profile).not.toBeNull();
    await org.clerk.confirm(again.import.id, readingOf(again.import.detected));
    expect((await said(staged.body.publishId)).map((line) => line.join(' ').trim())).toEqual([
      'O1#1 Bolt  1.00',
      'O1#2 Nut  2.00',
    ]);
  });
});

describe('some lines of an order in a file that does not number them', () => {
  test('overwrite no line of an earlier file: they are held until somebody says which they are', async () => {
    const { publishId } = await stage(fileOf('Bolt,5,1.00', 'Nut,6,2.00', 'Screw,7,3.00'));
    const part = await stage(fileOf('Screw,,3.50'), publishId);
    expect(part.problems).toMatchObject([{ code: 'line_unplaced', line: 2, severity: 'blocking' }]);
    expect([part.rows, part.skipped]).toEqual([1, 0]);
    expect((await said(publishId)).map((line) => line.join(' ').trim())).toEqual([
      `O1#?2:${part.id} Screw  3.50 line_unplaced`,
      'O1#1 Bolt 5 1.00',
      'O1#2 Nut 6 2.00',
      'O1#3 Screw 7 3.00',
    ]);
    // Its number is not guessed: sent again as it is, it is held again.
    expect(part.toMend).toContain('\r\n,');
    const unmended = await stage(part.toMend, publishId);
    expect(unmended.problems.map(({ code }) => code)).toEqual(['line_unplaced']);
    const mended = await stage(part.toMend.replace('\r\n,', '\r\n3,'), publishId);
    expect(mended.problems).toEqual([]);
    const lines = (await linesOf(publishId)).filter(({ key }) => key === 'O1#3');
    expect(lines).toMatchObject([{ fields: { line_quantity: '7', line_total: '3.50' } }]);
  });

  test('are told no number where nobody could see whose places they take', async () => {
    const { publishId } = await stage(fileOf('Bolt,5,1.00', 'Nut,6,2.00', 'Screw,7,3.00'));
    const damage = ['Screw,7', `${'x'.repeat(32 * 1024 + 1)},7,3.50`];
    for (const row of damage) {
      const part = await stage(fileOf(row), publishId);
      expect([part.rows, part.skipped]).toEqual([1, 1]);
      expect(part.toMend).toContain('\r\n,');
      const mended = await stage(part.toMend.replace(`${row}\r`, 'Screw,7,3.50\r'), publishId);
      expect(mended.problems.map(({ code }) => code)).toEqual(['line_unplaced']);
    }
    const numbered = (await said(publishId)).filter(([key]) => !key?.includes('?'));
    expect(numbered.map((line) => line.join(' ').trim())).toEqual([
      'O1#1 Bolt 5 1.00',
      'O1#2 Nut 6 2.00',
      'O1#3 Screw 7 3.00',
    ]);
  });

  test('are told none however often they are asked for, whatever came since', async () => {
    const { publishId } = await stage(fileOf('Bolt,5,1.00', 'Nut,6,2.00'));
    const part = await stage(fileOf('Nut,6,2.x0'), publishId);
    await stage(fileOf('Nut,6,2.50'), publishId);
    const { body: again } = await org.clerk.get<string>(`imports/${part.id}/problems.csv`);
    expect(again).toBe(part.toMend);
    expect(again).toContain('\r\n,');
  });

  test('stay apart from those of other files that stand in the same row', async () => {
    const { publishId } = await stage(fileOf('Bolt,5,1.00', 'Nut,6,2.00', 'Screw,7,3.00'));
    await stage(fileOf('Nut,6,2.50'), publishId);
    await stage(fileOf('Screw,7,3.50'), publishId);
    const numbered = `${HEADER},line_number`;
    await stage(`${numbered}\nA,O1,2026-05-01,Rod,1,1.00,first`, publishId);
    await stage(`${numbered}\nA,O1,2026-05-01,Pin,1,1.00,second`, publishId);
    const apart = (await said(publishId)).filter(([key]) => key?.startsWith('O1#?2'));
    expect(apart.map(([, ...line]) => line.join(' ')).toSorted()).toEqual([
      'Nut 6 2.50 line_unplaced',
      'Pin 1 1.00 bad_number',
      'Rod 1 1.00 bad_number',
      'Screw 7 3.50 line_unplaced',
    ]);
  });

  test('and what is held goes out with no publish, and holds nothing else up', async () => {
    const csv = csvOf([
      customerRow('A', org),
      ...['Bolt', 'Nut'].map((line) => ({
        customer_code: 'A',
        order_number: 'O7',
        order_date: '2026-05-01',
        line_description: line,
      })),
    ]);
    const { publishId } = await stage(csv);
    const { id } = await stage('order_number,line_description\nO7,Nut\n', publishId);
    expect((await linesOf(publishId)).map(({ key, passes }) => [key, passes])).toEqual([
      [`O7#?2:${id}`, false],
      ['O7#1', true],
      ['O7#2', true],
    ]);
    await approve(org, publishId);
    const live = await stack.sql(
      'select l.description from portal.order_lines l where l.org_id = $1 order by l.line_number',
      [org.id],
    );
    expect(live.length).toBe(2);
  });

  test('and a whole order that is exported anew takes its own places', async () => {
    const { publishId } = await stage(fileOf('Bolt,5,1.00', 'Nut,6,2.x', 'Screw,7,3.00'));
    const again = await stage(
      fileOf('Bolt,5,1.00', 'Nut,6,2.00', 'Screw,8,3.00', 'Rod,1,1.00'),
      publishId,
    );
    expect(again.problems).toEqual([]);
    // A file with fewer lines takes none away.
    await stage(fileOf('Bolt,9,1.00'), publishId);
    expect((await said(publishId)).map((line) => line.join(' ').trim())).toEqual([
      'O1#1 Bolt 9 1.00',
      'O1#2 Nut 6 2.00',
      'O1#3 Screw 8 3.00',
      'O1#4 Rod 1 1.00',
    ]);
  });
});
