/** What of a drop is taken for the import, as a browser hands its folders over. */
import { describe, expect, test } from 'vitest';
import { createUploads, filesOfDrop } from './uploads.ts';

/** What Chromium and Firefox give of a folder at a time. */
const AT_A_TIME = 100;

type Tree = { [name: string]: Tree | string };

/** A file or a folder as a drop has it: its reader gives some at a time, and none when it is through. */
function entryOf(name: string, tree: Tree | string, above = ''): FileSystemEntry {
  const fullPath = `${above}/${name}`;
  const own = { name, fullPath, isFile: typeof tree === 'string' };
  const entry =
    typeof tree === 'string'
      ? { ...own, file: (give: FileCallback) => give(new File([tree], name)) }
      : { ...own, createReader: () => readerOf(tree, fullPath) };
  // Sound: of an entry, no more than this is read.
  return entry as unknown as FileSystemEntry;
}

function readerOf(tree: Tree, path: string) {
  const left = Object.entries(tree);
  return {
    readEntries(give: FileSystemEntriesCallback) {
      const some = left.splice(0, AT_A_TIME).map(([name, one]) => entryOf(name, one, path));
      setTimeout(() => give(some));
    },
  };
}

/** What is let go over the page; as in a browser, it is empty once the event is over. */
function dropOf(dropped: Tree): DataTransfer {
  const items = Object.entries(dropped).map(([name, tree]) => ({
    webkitGetAsEntry: () => entryOf(name, tree),
  }));
  queueMicrotask(() => items.splice(0));
  // Sound: of a transfer, no more than this is read.
  return { items, files: [] } as unknown as DataTransfer;
}

const pathsOf = async (dropped: Tree) =>
  (await filesOfDrop(dropOf(dropped))).map(({ path }) => path).toSorted();

/** `count` PDFs whose names begin alike. */
const papers = (name: string, count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}-${at}.pdf`, 'x']));

describe('a drop', () => {
  test('of a folder gives the files of its folders too, each with where it lay', async () => {
    const year = { 'march.pdf': 'x', scans: { 'april.pdf': 'x', empty: {} } };
    expect(await pathsOf({ '2026': year, 'index.csv': 'x' })).toEqual([
      '/2026/march.pdf',
      '/2026/scans/april.pdf',
      '/index.csv',
    ]);
  });

  test.each([99, 100, 101, 250])('of a folder of %i files gives all of them', async (count) => {
    const found = await pathsOf({ export: { 'index.csv': 'x', papers: papers('FV', count) } });
    expect(found).toHaveLength(count + 1);
    expect(new Set(found).size).toBe(count + 1);
    expect(found).toContain(`/export/papers/FV-${count - 1}.pdf`);
  });

  test('of several folders, each with more than one reading gives, mixes and loses none', async () => {
    const found = await pathsOf({ north: papers('N', 130), south: papers('S', 210) });
    expect(found.filter((path) => path.startsWith('/north/N-'))).toHaveLength(130);
    expect(found.filter((path) => path.startsWith('/south/S-'))).toHaveLength(210);
  });

  test('of a folder with nothing in it gives nothing', async () => {
    expect(await pathsOf({ empty: { emptier: {} } })).toEqual([]);
  });

  test('of files that have no entries gives the files themselves', async () => {
    const transfer = {
      items: [{ webkitGetAsEntry: () => null }],
      files: [new File(['x'], 'a.pdf')],
    };
    // Sound: of a transfer, no more than this is read.
    const found = await filesOfDrop(transfer as unknown as DataTransfer);
    expect(found.map(({ path, file }) => [path, file.name])).toEqual([['a.pdf', 'a.pdf']]);
  });
});

test('of a folder as a Mac packs it, what nobody meant to send is left out by where it lay', async () => {
  const mac = {
    'FV-1.pdf': 'x',
    '.DS_Store': 'x',
    __MACOSX: { 'FV-2.pdf': 'x' },
    '.trash': { old: { 'FV-3.pdf': 'x' } },
  };
  const uploads = createUploads(
    () => new Promise(() => {}),
    () => ({ from: 'server', code: 'offline' }),
  );
  uploads.add(await filesOfDrop(dropOf({ export: mac })));
  expect(uploads.read().uploads.map(({ name }) => name)).toEqual(['FV-1.pdf']);
  expect(uploads.read().ignored).toBe(3);
});
