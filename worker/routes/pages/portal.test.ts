import { expect, test } from 'vitest';
import { PORTAL_PAGES } from '../../vocabulary.ts';
import { portalPages } from './portal.ts';

test('the pages that are answered are those that the web app, the guards and the links know of', () => {
  const answered = new Set(portalPages.routes.map(({ path }) => path));
  expect([...answered].sort()).toEqual([...PORTAL_PAGES].sort());
  expect(portalPages.routes.every(({ method }) => method === 'GET')).toBe(true);
});
