/** An answer in lines of JSON, for work that takes a while. */
import type { Context } from 'hono';
import type { AppEnv } from '../access/guards.ts';
import type { ErrorCode, FieldErrors } from '../errors.ts';
import { streamOf } from './bytes.ts';
import { logError, toAppError } from './error-log.ts';

/** The last line of an answer that broke off. */
type FailureLine = {
  error: {
    code: ErrorCode;
    message: string;
    fields?: FieldErrors | undefined;
    requestId: string;
  };
};

/**
 * Lines of JSON, each sent when it is there; what goes wrong is the last line. Where whoever asked is gone,
 * no further line is made.
 */
export function answerInLines(c: Context<AppEnv>, lines: () => AsyncGenerator<object>): Response {
  return new Response(streamOf(told(c, lines())), {
    status: 200,
    // Untransformed: compressed, the lines would wait for each other.
    headers: {
      'Content-Type': 'application/x-ndjson',
      'Cache-Control': 'no-store, no-transform',
    },
  });
}

async function* told(c: Context<AppEnv>, lines: AsyncGenerator<object>): AsyncGenerator<string> {
  try {
    for await (const line of lines) {
      yield `${JSON.stringify(line)}\n`;
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.status >= 500) {
      logError(c.var.requestId, error);
    }
    const { code, message, fields } = error;
    const last: FailureLine = { error: { code, message, fields, requestId: c.var.requestId } };
    yield `${JSON.stringify(last)}\n`;
  }
}
