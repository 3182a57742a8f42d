import { dayKey } from '../../domain/cursor.ts';

/** From one day to another, YYYY-MM-DD, both included. */
export const days = { from: dayKey.optional(), to: dayKey.optional() };

/** Whether days stand the right way round, for a schema's `refine`. */
export const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  !from || !to || from <= to;

/** What is wrong with days that do not. */
export const BACKWARDS = { path: ['to'], message: 'the last day is before the first' };
