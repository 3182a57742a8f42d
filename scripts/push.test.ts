/** The command as a scheduler runs it: what it prints, and with which code it ends. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT, startSmallConsole } from '../worker/test/small-console.ts';

const PUSH = fileURLToPath(new URL('push.ts', import.meta.url));
let folder: string;
let small: Awaited<ReturnType<typeof startSmallConsole>>;
let csv: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-push-cli-'));
  small = await startSmallConsole();
  csv = join(folder, 'index.csv');
  await writeFile(csv, 'document_number,file_name\ninvoice:A1,A1.pdf');
  await writeFile(join(folder, 'A1.pdf'), '%PDF-1.4 A1');
});
afterAll(async () => {
  await small.stop();
  await rm(folder, { recursive: true });
});

const SECRETS = { ACCESS_CLIENT_ID: CLIENT.clientId, ACCESS_CLIENT_SECRET: CLIENT.clientSecret };

function run(args: string[], env: Record<string, string> = SECRETS) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [PUSH, ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

test('one JSON object on stdout, nothing on stderr, and 0', async () => {
  const { code, out, err } = await run(
    ['--json', '--org', 'acme', '--url', `${small.url}/admin/acme`, csv, folder],
    { ...SECRETS, COUNTERFOIL_URL: 'https://nowhere.example' },
  );
  const report = JSON.parse(out);
  expect([code, err, report.exitCode, report.files.uploaded]).toEqual([0, '', 0, 1]);
  expect(report.link).toBe(`${small.url}/admin/acme/publishes/${report.publishId}`);
  expect(out).not.toContain(CLIENT.clientSecret);
});

test('lines for a person, and 4 where a file is missing', async () => {
  const other = join(folder, 'other.csv');
  await writeFile(other, 'document_number,file_name\ninvoice:B1,B1.pdf');
  const { code, out } = await run(['--org', 'acme', other], {
    ...SECRETS,
    COUNTERFOIL_URL: small.url,
  });
  expect(code).toBe(4);
  expect(out).toMatch(/^other\.csv is staged for acme, and not all of it can pass\./);
  expect(out).toContain('invoice:B1 (B1.pdf)');
});

test('3 where a person has to confirm how the file is read', async () => {
  small.state.questions = ['decimals'];
  const file = join(folder, 'new.csv');
  await writeFile(file, 'anything\n1');
  const { code, out } = await run(['--org', 'acme', '--url', small.url, file]);
  expect([code, out]).toEqual([3, expect.stringContaining('decimal comma or a decimal point')]);
});

test('2 where it is refused', async () => {
  const { code, out } = await run(['--org', 'acme', '--url', small.url, csv], {
    ...SECRETS,
    ACCESS_CLIENT_SECRET: 'wrong',
  });
  expect([code, out]).toEqual([2, expect.stringContaining('access_refused')]);
});

test('1 where it is not clear what is wanted, before anything is sent', async () => {
  const asked = small.state.asked.length;
  const url = ['--url', small.url];
  const wrong: [string[], Record<string, string>, string][] = [
    [[...url, csv], SECRETS, '--org'],
    [['--org', 'acme', csv], SECRETS, '--url'],
    [['--org', 'acme', ...url, csv], {}, 'ACCESS_CLIENT_ID'],
    [['--org', 'acme', ...url], SECRETS, 'no CSV'],
    [['--org', 'acme', ...url, '--aprove', csv], SECRETS, '--aprove'],
    // The secret would be readable on its way.
    [['--org', 'acme', '--url', 'http://console.example', csv], SECRETS, 'https://'],
  ];
  const ends = await Promise.all(wrong.map(([args, env]) => run(args, env)));
  for (const [at, { code, out, err }] of ends.entries()) {
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(wrong[at]?.[2] ?? '')]);
  }
  expect(small.state.asked).toHaveLength(asked);
});
