import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forgetDrafts, keepDraft, readDraft } from './drafts.ts';

const WEEK = 7 * 24 * 60 * 60 * 1000;

beforeEach(() => {
  // What a browser's storage is: names as properties, beside its methods.
  const storage = Object.create({
    getItem: (name: string) => storage[name] ?? null,
    setItem: (name: string, value: string) => {
      storage[name] = value;
    },
    removeItem: (name: string) => {
      delete storage[name];
    },
  });
  vi.stubGlobal('localStorage', storage);
});
afterEach(() => vi.unstubAllGlobals());

it('a draft is there until it is sent', () => {
  keepDraft('report:1', { description: 'Crushed' });
  expect(readDraft('report:1')).toEqual({ description: 'Crushed' });
  expect(readDraft('report:2')).toBeUndefined();
  keepDraft('report:1', undefined);
  expect(readDraft('report:1')).toBeUndefined();
});

it('a draft is forgotten after a week', () => {
  keepDraft('report:1', { description: 'Crushed' }, 0);
  expect(readDraft('report:1', WEEK)).toBeDefined();
  expect(readDraft('report:1', WEEK + 1)).toBeUndefined();
});

it('no draft is left when the person signs out, and what is not a draft stays', () => {
  keepDraft('report:1', { description: 'Crushed' });
  keepDraft('answer:1', { body: 'Still' });
  localStorage.setItem('locale', 'pl');
  forgetDrafts();
  expect(Object.keys(localStorage)).toEqual(['locale']);
});

it('a storage that refuses, or holds something else, is no draft', () => {
  localStorage.setItem('draft:report:1', 'not JSON');
  expect(readDraft('report:1')).toBeUndefined();
  vi.stubGlobal('localStorage', undefined);
  keepDraft('report:1', { description: 'Crushed' });
  forgetDrafts();
  expect(readDraft('report:1')).toBeUndefined();
});
