import { expect, test } from 'vitest';
import { countRows } from './count-rows.ts';

const count = (text: string, headerLine = 1) =>
  countRows(new Blob([text]), { headerLine, delimiter: ';' });

test('rows are counted below the header, blank ones and preamble aside', async () => {
  expect(await count('a;b\r\n1;2\r\n;;\r\n\r\n3;4')).toBe(2);
  expect(await count('Report\n\na;b\n1;2\n', 3)).toBe(1);
});

test('a line break within quotes is no new row', async () => {
  expect(await count('a;b\n"one\ntwo";2\n"say ""so""";4\n')).toBe(2);
});

test('a totals row is none, wherever its word stands', async () => {
  expect(await count('a;b\n1;2\nRazem;7\n;"Total:";7\nTotal Gas Ltd;7\n')).toBe(2);
});

test('what cannot be counted is not guessed', async () => {
  expect(await count('a;b\r1;2\r')).toBeNull();
});
