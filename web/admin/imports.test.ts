import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../lib/api.ts';
import { type Progress, type Reading, stageImport } from './imports.ts';
import { pathsOf } from './org.ts';

const READING: Reading = {
  encoding: 'utf-8',
  delimiter: ';',
  headerLine: 1,
  dateOrder: 'dmy',
  decimal: ',',
  fields: ['order_number'],
};
const DONE = { done: true, publishId: 'p', import: { id: 'i', rows: 2, problems: [] } };

/** Answers with these pieces, and then ends or breaks. */
function answerWith(pieces: readonly string[], { breaks = false, status = 200 } = {}) {
  const encoder = new TextEncoder();
  const left = [...pieces];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(encoder.encode(piece));
      else if (breaks) controller.error(new TypeError('network'));
      else controller.close();
    },
  });
  vi.stubGlobal('fetch', async () => new Response(stream, { status }));
}
afterEach(() => vi.unstubAllGlobals());

async function staged() {
  const told: Progress[] = [];
  const ended = await stageImport(pathsOf('acme'), 'i', READING, (line) => told.push(line)).then(
    (staged) => ({ staged }),
    (error: unknown) => ({ error: error instanceof ApiError ? error : undefined }),
  );
  return { told, ...ended };
}

describe('staging, as it is told', () => {
  const half = { position: 50, size: 100, rows: 1 };

  test('each part is told as it is done, wherever the network cuts the lines', async () => {
    const text = [half, { ...half, position: 100, rows: 2 }, DONE].map((line) =>
      JSON.stringify(line),
    );
    const whole = `${text.join('\n')}\n`;
    answerWith([whole.slice(0, 20), whole.slice(20, 47), whole.slice(47)]);
    const { told, staged: end } = { staged: undefined, ...(await staged()) };
    expect(told.map(({ rows }) => rows)).toEqual([1, 2]);
    expect(end).toMatchObject({ publishId: 'p', import: { rows: 2 } });
  });

  test('a connection that breaks, or ends before the last line, is one that may begin again', async () => {
    answerWith([`${JSON.stringify(half)}\n`], { breaks: true });
    expect(await staged()).toMatchObject({ told: [half], error: { code: 'offline' } });
    answerWith([`${JSON.stringify(half)}\n`, '{"posi']);
    expect(await staged()).toMatchObject({ told: [half], error: { code: 'offline' } });
  });

  test('a refusal within the stream is the refusal that it would be without', async () => {
    const error = { code: 'csv_unclosed_quote', message: 'm', fields: { line: '7' } };
    answerWith([`${JSON.stringify(half)}\n${JSON.stringify({ error })}\n`]);
    expect(await staged()).toMatchObject({
      error: { code: 'csv_unclosed_quote', fields: { line: '7' } },
    });
    answerWith([JSON.stringify({ error: { code: 'publish_not_staged' } })], { status: 409 });
    expect(await staged()).toMatchObject({ error: { code: 'publish_not_staged', status: 409 } });
  });
});
