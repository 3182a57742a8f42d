/** Lines of a file that does not number them, beside what earlier imports of its publish brought. */
import type { Context } from 'hono';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { readStandingLines } from '../../domain/import.ts';
import type { Problem, StagedPart } from '../../import/stage.ts';
import { doubtfulPlaces, holdUnplaced, placedLines, unplacedAt } from '../../import/unplaced.ts';

/** Holds the lines of these parts whose places are others', once the part `before` them is staged, if there is one. */
export async function holdPlaces(
  c: Context<AppEnv>,
  importId: string,
  parts: readonly StagedPart[],
  before: Promise<unknown> | undefined,
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
  holdUnplaced(
    lines,
    standing.filter(({ heldLine }) => heldLine === null),
  );
}

/**
 * What the places of a staged import's parts say: a problem for each row whose line is held, and the lines of
 * rows whose places are nobody's to tell as their numbers, those among them.
 */
export async function unplacedRows(
  c: Context<AppEnv>,
  importId: string,
  parts: readonly StagedPart[],
): Promise<{ held: Problem[]; doubtful: number[] }> {
  const places = new Map(parts.flatMap((part) => [...part.places]));
  if (places.size === 0) {
    return { held: [], doubtful: [] };
  }
  const orderKeys = [...new Set([...places.values()].map(({ orderKey }) => orderKey))];
  const [{ rows }] = await asStaff(c, (db) => [readStandingLines(db, importId, orderKeys)]);
  const held = rows.flatMap(({ heldLine }) => {
    const place = heldLine === null ? undefined : places.get(heldLine);
    return heldLine === null || place === undefined
      ? []
      : [unplacedAt(heldLine, String(place.number))];
  });
  const others = rows.filter(({ heldLine }) => heldLine === null);
  const doubtful = parts.flatMap((part) => doubtfulPlaces(part, others));
  return { held, doubtful: [...held.map(({ line }) => line), ...doubtful] };
}
