import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseFiles } from './choose.ts';
import { pauseMs, retryAfterMs } from './console-api.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-choose-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (...names: string[]) => {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), '');
  }
};
const choose = (...paths: string[]) => chooseFiles(paths.map((path) => join(folder, path)));
const names = (files: { name: string }[]) => files.map(({ name }) => name);

test('folders are opened, what systems leave in them is passed over', async () => {
  await write('index.csv', 'out/b.pdf', 'out/2026/a.PDF', 'out/notes.docx', 'out/.hidden.pdf');
  await write('out/__MACOSX/b.pdf', 'out/.git/c.pdf', 'out/Thumbs.db', 'out/~$a.pdf');
  const chosen = await choose('index.csv', 'out');
  expect(names(chosen.files)).toEqual(['a.PDF', 'b.pdf']);
  expect(chosen).toMatchObject({ csv: join(folder, 'index.csv'), doubles: [], ignored: 1 });
});

test('a CSV that is named wins over those in folders; one in a folder does where none is named', async () => {
  await write('index.csv', 'out/old.csv', 'out/a.pdf');
  expect((await choose('index.csv', 'out')).csv).toBe(join(folder, 'index.csv'));
  expect((await choose('out')).csv).toBe(join(folder, 'out/old.csv'));
  await write('out/older.csv');
  await expect(choose('out')).rejects.toThrow('more than one CSV');
  await expect(choose('index.csv', 'out/old.csv')).rejects.toThrow('more than one CSV');
});

test('what cannot be pushed is said', async () => {
  await write('index.csv', 'photo.png');
  await expect(choose()).rejects.toThrow('There is no CSV');
  await expect(choose('index.csv', 'nowhere')).rejects.toThrow('nowhere cannot be read (ENOENT)');
  await expect(choose('index.csv', 'photo.png')).rejects.toThrow('neither a CSV nor a PDF');
});

test('of two files of one name, in whatever case or composition, the first is taken', async () => {
  await write('index.csv', 'a/Añadida.pdf'.normalize('NFC'), 'b/añadida.pdf'.normalize('NFD'));
  const { files, doubles } = await choose('index.csv', 'a', 'b');
  expect(names(files)).toEqual(['Añadida.pdf'.normalize('NFC')]);
  expect(names(doubles)).toEqual(['añadida.pdf'.normalize('NFC')]);
});

test('a Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  expect(retryAfterMs('30', now)).toBe(30_000);
  expect(retryAfterMs('Sat, 21 Nov 2026 10:01:00 GMT', now)).toBe(60_000);
  expect(retryAfterMs('Sat, 21 Nov 2026 09:00:00 GMT', now)).toBe(0);
  for (const none of [null, '', 'soon']) expect(retryAfterMs(none, now)).toBeNull();
});

test('pauses double up to 20 seconds, and are never the same for all', () => {
  expect([1, 2, 3, 20].map((attempt) => pauseMs(attempt, 1))).toEqual([500, 1000, 2000, 20_000]);
  expect([1, 2, 3, 20].map((attempt) => pauseMs(attempt, 0))).toEqual([250, 500, 1000, 10_000]);
});
