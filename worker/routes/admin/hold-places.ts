/** Lines of a file that does not number them, beside what earlier imports of its publish brought. */
import type { Context } from 'hono';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { readStandingLines } from '../../domain/import.ts';
import type { StagedPart } from '../../import/stage.ts';
import { holdUnplaced, placedLines } from '../../import/unplaced.ts';

/** Holds the lines of these parts whose places are others', once the parts `before` them are staged. */
export async function holdPlaces(
  c: Context<AppEnv>,
  importId: string,
  parts: readonly StagedPart[],
  before: Promise<unknown>,
): Promise<void> {
  const lines = parts.flatMap(placedLines);
  if (lines.length === 0) {
    return;
  }
  await before;
  const orderKeys = [...new Set(lines.map(({ orderKey }) => orderKey ?? ''))];
  const [{ rows: standing }] = await asStaff(c, (db) => [
    readStandingLines(db, importId, orderKeys),
  ]);
  holdUnplaced(lines, standing);
}
