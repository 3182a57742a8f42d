import { NeonDbError } from '@neondatabase/serverless';
import { AppError } from '../errors.ts';

/** SQLSTATEs that our own functions raise, and the few of Postgres that a client can mend. */
const SQLSTATE_CODES: Record<string, ConstructorParameters<typeof AppError>[0]> = {
  CF001: 'publish_not_staged',
  CF002: 'contact_not_allowed',
  CF004: 'forbidden',
  CF005: 'import_unfinished',
  CF006: 'conflict',
  CF007: 'exposure_changed',
  CF070: 'statement_broken',
  '23505': 'conflict',
  '40001': 'unavailable',
  '40P01': 'unavailable',
};
/** Connection trouble, shutdown, out of resources, cancelled: the same request may work later. */
const TRANSIENT_SQLSTATE = /^(08|53|57)/;

/**
 * What a failed batch means to the client. The original goes to the log as `cause`: it may hold
 * parameters, so it is never shown (see `logError` in routes/error-log.ts).
 */
export function databaseError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const unavailable = () =>
    Object.assign(
      new AppError('unavailable', 'the database does not answer', { retryAfterSeconds: 30 }),
      { cause: error },
    );
  if (!(error instanceof NeonDbError) || error.code === undefined) {
    return unavailable();
  }
  if (TRANSIENT_SQLSTATE.test(error.code)) {
    return unavailable();
  }
  const code = SQLSTATE_CODES[error.code] ?? 'internal';
  const more = code === 'unavailable' ? { retryAfterSeconds: 1 } : {};
  return Object.assign(new AppError(code, 'the database refused', more), {
    cause: error,
  });
}
