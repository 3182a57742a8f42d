import { zValidator } from '@hono/zod-validator';
import type { ValidationTargets } from 'hono';
import type { z } from 'zod';
import { AppError } from '../errors.ts';

/**
 * Whether any text in a value holds a NUL or half of a character, which JSON can write: Postgres' text and
 * its jsonb cannot, so the whole batch would fail.
 */
export function holdsNoText(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.values(value).some(holdsNoText)
    : typeof value === 'string' && (value.includes('\0') || !value.isWellFormed());
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
    const unkept = Object.entries(result.data ?? {}).filter(([, value]) => holdsNoText(value));
    if (unkept.length > 0) {
      throw target === 'param'
        ? new AppError('not_found', 'malformed id')
        : new AppError('invalid', 'the request does not validate', {
            fields: Object.fromEntries(
              unkept.map(([name]) => [name, 'whole characters, and no NUL']),
            ),
          });
    }
  });
}
