import { expect, it } from 'vitest';
import { ISSUE_KINDS, ISSUE_STATUSES } from '../../../worker/vocabulary.ts';
import en from '../../locales/issues.en.json';

it('there are words for every kind and status of reports', () => {
  expect(Object.keys(en)).toEqual(
    expect.arrayContaining(ISSUE_KINDS.map((kind) => `kind.${kind}`)),
  );
  expect(Object.keys(en.status)).toEqual([...ISSUE_STATUSES]);
  expect(Object.keys(en.meaning)).toEqual([...ISSUE_STATUSES]);
});
