import fc from 'fast-check';
import { expect, test } from 'vitest';
import { box, importBoxKey, unbox } from './box.ts';

const randomKey = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));

test('what was boxed opens with the same key for the same row', async () => {
  const key = await importBoxKey(randomKey());
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      expect(await unbox(key, await box(key, text, 'row'), 'row')).toBe(text);
    }),
    { numRuns: 30 },
  );
});

test('the same text is boxed differently every time', async () => {
  const key = await importBoxKey(randomKey());
  const boxed = await Promise.all(Array.from({ length: 50 }, () => box(key, 'text', 'row')));
  expect(new Set(boxed).size).toBe(50);
  expect(new Set(boxed.map((text) => text.slice(0, 16))).size).toBe(50);
});

test('another key opens nothing', async () => {
  const boxed = await box(await importBoxKey(randomKey()), 'text', 'row');
  expect(await unbox(await importBoxKey(randomKey()), boxed, 'row')).toBeNull();
});

test('a boxed text moved to another row opens nothing', async () => {
  const key = await importBoxKey(randomKey());
  expect(await unbox(key, await box(key, 'text', 'row 1'), 'row 2')).toBeNull();
});

test('one changed bit, anywhere, and it opens nothing', async () => {
  const key = await importBoxKey(randomKey());
  const boxed = await box(key, 'a letter', 'row');
  const bytes = Uint8Array.from(atob(boxed), (character) => character.charCodeAt(0));
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(await unbox(key, btoa(String.fromCharCode(...changed)), 'row')).toBeNull();
  }
});

test('a cut or unreadable text opens nothing and throws nothing', async () => {
  const key = await importBoxKey(randomKey());
  const boxed = await box(key, 'a letter', 'row');
  for (const bad of ['', 'AAAA', boxed.slice(0, 20), boxed.slice(0, -8), 'not base64!']) {
    expect(await unbox(key, bad, 'row')).toBeNull();
  }
});

test('a key that is not 32 bytes is refused, and not repeated in the error', async () => {
  for (const bad of ['', 'c2hvcnQ=', 'not base64!', btoa('x'.repeat(33))]) {
    const error = await importBoxKey(bad).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    if (bad !== '') expect(String(error)).not.toContain(bad);
  }
});
