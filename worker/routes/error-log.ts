/** What an error that ends a request is, and what of it goes to the log. */
import { HTTPException } from 'hono/http-exception';
import { AppError } from '../errors.ts';
import { log } from '../log.ts';

/** The refusal that a thrown value means; what is nobody's intention is `internal`, with its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) {
    return thrown;
  }
  // Hono's own, for a body that is not even JSON.
  if (thrown instanceof HTTPException && thrown.status === 400) {
    return new AppError('invalid', 'the body cannot be read', { fields: { body: 'malformed' } });
  }
  return Object.assign(new AppError('internal', 'unexpected'), { cause: thrown });
}

/**
 * An internal error, whole, under its request's id. A database error is told by its SQLSTATE and
 * place: its message may hold a parameter.
 */
export function logError(requestId: string, error: AppError): void {
  const { cause } = error;
  const told =
    cause instanceof Error
      ? {
          name: cause.name,
          ...('code' in cause ? { sqlstate: cause.code } : { message: cause.message }),
          // Places only: a message may run over several lines.
          stack: cause.stack
            ?.match(/^ +at .*$/gm)
            ?.slice(0, 11)
            .join('\n'),
        }
      : undefined;
  log('error', { requestId, code: error.code, message: error.message, cause: told });
}
