import { z } from 'zod';

const key = z
  .string()
  .min(1)
  .max(400)
  // Postgres has no NUL in text.
  .refine((text) => !text.includes('\0'), 'a NUL');

/** Which part of a publish a request is about: all of it, a customer's, or one document (`kind:number`). */
export const wanted = z.object({ customer: key.optional(), document: key.optional() });
export const partKey = key;
