import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT, startSmallConsole } from '../../worker/test/small-console.ts';
import { chooseFiles } from './choose.ts';
import { consoleApi } from './console-api.ts';
import { push } from './push.ts';
import { linesOf } from './report.ts';

let folder: string;
let small: Awaited<ReturnType<typeof startSmallConsole>>;
let pauses: number[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-push-'));
  small = await startSmallConsole();
  pauses = [];
});
afterEach(async () => {
  await small.stop();
  await rm(folder, { recursive: true });
});

const write = async (name: string, text: string) => {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
};
/** A CSV of invoices, and a folder with their files. */
async function night(numbers: string[], withFiles = numbers) {
  const rows = numbers.map((number) => `invoice:${number},${number}.pdf`);
  await write('index.csv', ['document_number,file_name', ...rows].join('\n'));
  await mkdir(join(folder, 'pdf'), { recursive: true });
  for (const number of withFiles) await write(`pdf/${number}.pdf`, `%PDF-1.4 ${number}`);
}
async function pushNight(more: { publishId?: string; clientSecret?: string } = {}) {
  const { clientSecret = CLIENT.clientSecret, publishId } = more;
  const { url } = small;
  const pause = async (milliseconds: number) => {
    pauses.push(milliseconds);
  };
  const api = consoleApi({ url, org: 'acme', ...CLIENT, clientSecret, pause });
  const chosen = await chooseFiles([join(folder, 'index.csv'), join(folder, 'pdf')]);
  const report = await push({ api, url, org: 'acme', chosen, publishId, progress: () => {} });
  return { ...report, text: linesOf(report).join('\n') };
}
const asked = (what: RegExp) => small.state.asked.filter((line) => what.test(line));
const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers });
const refusal = (code: string) => ({ error: { code, message: 'refused' } });

describe('a night', () => {
  test('is staged with its files, and never approved', async () => {
    await night(['A1', 'A2', 'A3']);
    const report = await pushNight();
    const id = [...small.publishes.keys()][0];
    expect(report).toMatchObject({
      outcome: 'staged',
      exitCode: 0,
      publishId: id,
      link: `${small.url}/admin/acme/publishes/${id}`,
      rows: { in: 3, skipped: 0, blank: 0 },
      items: { total: 3, created: 3, blocked: 0 },
      files: {
        given: 3,
        uploaded: 3,
        skipped: 0,
        failed: [],
        matched: 3,
        unmatched: 0,
        missing: 0,
      },
      error: null,
    });
    expect(small.state.readings).toEqual([
      {
        encoding: 'utf-8',
        delimiter: ',',
        headerLine: 1,
        dateOrder: 'ymd',
        decimal: '.',
        fields: ['document_number', 'file_name'],
      },
    ]);
    expect(asked(/approval|ticks/)).toEqual([]);
  });

  test('with bytes that are there sends no bytes again', async () => {
    await night(['A1', 'A2']);
    await pushNight();
    await night(['A1', 'A2', 'A3']);
    expect(await pushNight()).toMatchObject({
      exitCode: 0,
      files: { uploaded: 1, skipped: 2, matched: 3 },
    });
  });

  test('that is pushed twice goes on with the same publish, and does not stage it twice', async () => {
    await night(['A1', 'A2'], ['A1']);
    expect(await pushNight()).toMatchObject({ exitCode: 4, files: { missing: 1 } });
    await night(['A1', 'A2']);
    const again = await pushNight();
    expect(again).toMatchObject({
      exitCode: 0,
      stagedBefore: '2026-11-20T02:00:00Z',
      rows: { in: 2 },
      files: { uploaded: 1, skipped: 1 },
    });
    expect(small.publishes.size).toBe(1);
    // What is in place is not even named again.
    expect(asked(/^PUT .*A1/)).toHaveLength(2);
  });

  test('that was decided about is staged anew', async () => {
    await night(['A1']);
    const first = await pushNight();
    const publish = small.publishes.get(first.publishId ?? '');
    if (publish) publish.status = 'rejected';
    const second = await pushNight();
    expect([second.exitCode, second.publishId === first.publishId]).toEqual([0, false]);
  });

  test('of many files has four on their way, never more', async () => {
    await night(Array.from({ length: 40 }, (_, at) => `N${at}`));
    let most = 0;
    const four = Promise.withResolvers<null>();
    small.state.fault = ({ method }) => {
      if (method !== 'PUT') return null;
      const { sending } = small.state;
      most = Math.max(most, sending);
      if (sending === 4) four.resolve(null);
      // The first ones wait for the fourth: sent one by one, they would wait for ever.
      return four.promise;
    };
    expect(await pushNight()).toMatchObject({ exitCode: 0, files: { uploaded: 40 } });
    expect(most).toBe(4);
  });
});

describe('what stands in the way is told', () => {
  test('rows without a file and files without a row', async () => {
    await night(['A1', 'A2'], ['A1', 'holiday']);
    const report = await pushNight();
    expect(report).toMatchObject({
      outcome: 'blocked',
      exitCode: 4,
      items: { blocked: 1 },
      files: {
        unmatched: 1,
        unmatchedNames: ['holiday.pdf'],
        missing: 1,
        missingDocuments: [{ key: 'invoice:A2', fileName: 'A2.pdf' }],
      },
    });
    expect(report.text).toContain('holiday.pdf');
    expect(report.text).toContain('invoice:A2 (A2.pdf)');
  });

  test('the first of them by name, all of them in number', async () => {
    await night(
      Array.from({ length: 130 }, (_, at) => `M${at}`),
      [],
    );
    const { text } = await pushNight();
    expect(text).toContain('Without a file: 130 documents\n    invoice:M0 (M0.pdf)');
    expect(text).toContain('    and 110 more');
  });

  test('a file that is refused, or has another’s name, does not stop the rest', async () => {
    await night(['A1', 'A2']);
    await write('pdf/bad.pdf', 'no PDF');
    await write('pdf/more/a1.PDF', '%PDF-1.4 another');
    await symlink(join(folder, 'nowhere'), join(folder, 'pdf/gone.pdf'));
    const report = await pushNight();
    expect(report).toMatchObject({ exitCode: 4, files: { given: 5, uploaded: 2, missing: 0 } });
    expect(report.files?.failed.map(({ name }) => name).sort()).toEqual([
      'a1.PDF',
      'bad.pdf',
      'gone.pdf',
    ]);
    expect(report.text).toContain('bad.pdf: not_a_pdf');
    expect(report.text).toContain('gone.pdf: cannot be read (ENOENT)');
  });

  test('a question is left to a person, and nothing is staged', async () => {
    await night(['A1']);
    small.state.questions = ['dates', 'columns'];
    const report = await pushNight();
    expect(report).toMatchObject({
      outcome: 'question',
      exitCode: 3,
      questions: ['dates', 'columns'],
      link: `${small.url}/admin/acme/publishes/new`,
      publishId: null,
    });
    expect(report.text).toContain('whether its dates name the day or the month first');
    expect(asked(/staging|files/)).toEqual([]);
  });

  test('a reading that the console does not take is a question too', async () => {
    await night(['A1']);
    const error = {
      ...refusal('reading_invalid').error,
      fields: { customer_code: 'key_unmapped' },
    };
    small.state.fault = ({ url }) => (url.endsWith('/staging') ? json(422, { error }) : null);
    expect(await pushNight()).toMatchObject({
      exitCode: 3,
      error: { code: 'reading_invalid', fields: { customer_code: 'key_unmapped' } },
    });
  });

  test('a publish that is decided meanwhile ends the push', async () => {
    await night(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']);
    small.state.fault = ({ method }) => {
      if (method !== 'PUT') return null;
      for (const publish of small.publishes.values()) publish.status = 'approved';
      return null;
    };
    const report = await pushNight();
    expect(report).toMatchObject({ exitCode: 2, error: { code: 'publish_not_staged' } });
    expect(asked(/^PUT/).length).toBeLessThanOrEqual(4);
  });

  test('a token that Access does not let in', async () => {
    await night(['A1']);
    expect(await pushNight({ clientSecret: 'wrong' })).toMatchObject({
      exitCode: 2,
      error: { code: 'access_refused' },
    });
    const Location = 'https://team.cloudflareaccess.com/cdn-cgi/access/login/console';
    small.state.fault = () => new Response(null, { status: 302, headers: { Location } });
    expect(await pushNight()).toMatchObject({ exitCode: 2, error: { code: 'access_refused' } });
    expect(pauses).toEqual([]);
  });
});

describe('what fails for a while is tried again', () => {
  test('after as long as the console asks for', async () => {
    await night(['A1', 'A2']);
    let faults = 3;
    small.state.fault = ({ method }) => {
      if (method !== 'PUT' || faults-- <= 0) return null;
      return json(429, refusal('rate_limited'), { 'Retry-After': '7' });
    };
    expect(await pushNight()).toMatchObject({ exitCode: 0, files: { uploaded: 2 } });
    expect(pauses).toEqual([7000, 7000, 7000]);
  });

  test('with longer pauses each time, and not for ever', async () => {
    await night(['A1']);
    small.state.fault = () => json(503, refusal('unavailable'));
    expect(await pushNight()).toMatchObject({ exitCode: 2, error: { code: 'unavailable' } });
    expect(small.state.asked).toHaveLength(6);
    const bounds = [500, 1000, 2000, 4000, 8000];
    expect(
      pauses.map((pause, at) => pause > (bounds[at] ?? 0) / 2 - 1 && pause <= (bounds[at] ?? 0)),
    ).toEqual([true, true, true, true, true]);
  });

  test('but not when it asks to come back much later', async () => {
    await night(['A1']);
    small.state.fault = () => json(429, refusal('rate_limited'), { 'Retry-After': '3600' });
    expect(await pushNight()).toMatchObject({ exitCode: 2, error: { code: 'rate_limited' } });
    expect(small.state.asked).toHaveLength(1);
  });

  test('when the connection is cut, wherever', async () => {
    await night(['A1', 'A2', 'A3']);
    let at = 0;
    small.state.fault = () => (at++ % 2 === 0 ? 'drop' : null);
    expect(await pushNight()).toMatchObject({ exitCode: 0, files: { uploaded: 3 } });
  });

  test('when the staging breaks off: it begins again, and nothing doubles', async () => {
    await night(['A1']);
    small.state.breaks = 2;
    expect(await pushNight()).toMatchObject({ exitCode: 0, rows: { in: 1 } });
    expect(small.state.readings).toHaveLength(3);
    expect(pauses).toHaveLength(2);
    small.state.breaks = 99;
    await night(['B1']);
    expect(await pushNight()).toMatchObject({ exitCode: 2, error: { code: 'unreachable' } });
  });

  test('a console that is not there is said to be', async () => {
    await night(['A1']);
    await small.stop();
    const report = await pushNight();
    expect(report).toMatchObject({ exitCode: 2, error: { code: 'unreachable' } });
    expect(report.error?.message).toContain('ECONNREFUSED');
    small = await startSmallConsole();
  });

  test('and what answers is no console', async () => {
    await night(['A1']);
    small.state.fault = () => new Response('<html>Welcome</html>', { status: 200 });
    expect(await pushNight()).toMatchObject({ exitCode: 2, error: { code: 'unreachable' } });
  });
});
