import { expect, test } from 'vitest';
import { WrittenJson, writeJson } from './written-json.ts';

const ROWS = '[["$& $1 \\u00e9", null, 1.50], "</script>"]';

test('what is written already stands in the text as it is, among the rest', () => {
  const value = { name: '"$&', some: new WrittenJson(ROWS), more: [new WrittenJson('{}'), null] };
  expect(writeJson(value)).toBe(`{"name":"\\"$&","some":${ROWS},"more":[{},null]}`);
});

test('without any, it is what JSON.stringify writes', () => {
  const value = { a: [1, 'é', undefined, { b: null }], c: undefined };
  expect(writeJson(value)).toBe(JSON.stringify(value));
});
