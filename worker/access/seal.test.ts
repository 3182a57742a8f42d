import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importSealKey, seal, unseal } from './seal.ts';

const randomKey = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));

test('what was sealed opens with the same key for the same row', async () => {
  const key = await importSealKey(randomKey());
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      expect(await unseal(key, await seal(key, text, 'row'), 'row')).toBe(text);
    }),
    { numRuns: 30 },
  );
});

test('the same text is sealed differently every time', async () => {
  const key = await importSealKey(randomKey());
  const sealed = await Promise.all(Array.from({ length: 50 }, () => seal(key, 'text', 'row')));
  expect(new Set(sealed).size).toBe(50);
  expect(new Set(sealed.map((text) => text.slice(0, 16))).size).toBe(50);
});

test('another key opens nothing', async () => {
  const sealed = await seal(await importSealKey(randomKey()), 'text', 'row');
  expect(await unseal(await importSealKey(randomKey()), sealed, 'row')).toBeNull();
});

test('a sealed text moved to another row opens nothing', async () => {
  const key = await importSealKey(randomKey());
  expect(await unseal(key, await seal(key, 'text', 'row 1'), 'row 2')).toBeNull();
});

test('one changed bit, anywhere, and it opens nothing', async () => {
  const key = await importSealKey(randomKey());
  const sealed = await seal(key, 'a letter', 'row');
  const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(await unseal(key, btoa(String.fromCharCode(...changed)), 'row')).toBeNull();
  }
});

test('a cut or unreadable text opens nothing and throws nothing', async () => {
  const key = await importSealKey(randomKey());
  const sealed = await seal(key, 'a letter', 'row');
  for (const bad of ['', 'AAAA', sealed.slice(0, 20), sealed.slice(0, -8), 'not base64!']) {
    expect(await unseal(key, bad, 'row')).toBeNull();
  }
});

test('a key that is not 32 bytes is refused, and not repeated in the error', async () => {
  for (const bad of ['', 'c2hvcnQ=', 'not base64!', btoa('x'.repeat(33))]) {
    const error = await importSealKey(bad).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    if (bad !== '') expect(String(error)).not.toContain(bad);
  }
});
