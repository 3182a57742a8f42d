import { zValidator } from '@hono/zod-validator';
import type { ValidationTargets } from 'hono';
import type { z } from 'zod';
import { AppError } from '../errors.ts';

/** Whether any text in a value holds a NUL: Postgres' text cannot, so the whole batch would fail. */
function holdsNul(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.values(value).some(holdsNul)
    : typeof value === 'string' && value.includes('\0');
}

/**
 * The validator of a route: what passes is typed, what does not is `invalid` with every wrong field
 * named. No value that a client sent goes back to it, or reaches a cast in the database, unchecked.
 */
export function validate<T extends keyof ValidationTargets, S extends z.ZodType>(
  target: T,
  schema: S,
) {
  return zValidator(target, schema, (result) => {
    if (!result.success) {
      const fields = Object.fromEntries(
        result.error.issues.map((issue) => [issue.path.join('.') || target, issue.message]),
      );
      // A path that is not even an id leads nowhere, as an id that nobody has.
      throw target === 'param'
        ? new AppError('not_found', 'malformed id')
        : new AppError('invalid', 'the request does not validate', { fields });
    }
    const withNul = Object.entries(result.data ?? {}).filter(([, value]) => holdsNul(value));
    if (withNul.length > 0) {
      throw target === 'param'
        ? new AppError('not_found', 'malformed id')
        : new AppError('invalid', 'the request does not validate', {
            fields: Object.fromEntries(withNul.map(([name]) => [name, 'no NUL characters'])),
          });
    }
  });
}
