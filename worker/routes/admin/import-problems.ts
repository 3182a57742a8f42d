import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember } from '../../access/guards.ts';
import { UTF8_MARK } from '../../csv.ts';
import { readImport, readLateProblems } from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { openProblemRows, type RowTold } from '../../import/problem-rows.ts';
import { problemWords } from '../../import/problem-words.ts';
import type { Problem } from '../../import/stage.ts';
import { openShifted } from '../../import/unplaced.ts';
import { streamOf } from '../bytes.ts';
import { attachmentHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';
import { unplacedRows } from './hold-places.ts';
import { existing, type FileTerms, importBytes, partsOf, readable } from './import-file.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });

/** The rows of an import that have a problem, to be mended and sent again. */
export const importProblems = new Hono<AppEnv>().get(
  '/imports/:id/problems.csv',
  validate('param', byId),
  async (c) => {
    const { id } = c.req.valid('param');
    const { member, results } = await asMember(c, (db) => [
      readImport(db, id),
      readLateProblems(db, id),
    ]);
    const row = existing(results[0].rows);
    const { reading } = row;
    if (row.state !== 'staged' || reading === null) {
      throw new AppError('import_unfinished', 'the import is not staged');
    }
    const terms = { orgId: member.orgId, row, reading };
    const found = await problemsByLine(
      c,
      terms,
      results[1].rows.map(({ problem }) => problem),
    );
    const name = row.fileName.replace(/\.[^.]*$/, '');
    return new Response(streamOf(rowsWithProblems(c, terms, found)), {
      status: 200,
      headers: attachmentHeaders(`${name}-problems.csv`, 'text/csv; charset=utf-8'),
    });
  },
);

/** Every problem of the file in words, by the line of its row. */
async function problemsByLine(
  c: Context<AppEnv>,
  terms: FileTerms,
  known: readonly Problem[],
): Promise<Map<number, RowTold>> {
  const byLine = new Map<number, RowTold>();
  const note = (problem: Problem) => {
    const told = byLine.get(problem.line) ?? { problems: [], isUnplaced: false };
    byLine.set(problem.line, told);
    const words = problemWords(problem);
    if (!told.problems.includes(words)) {
      told.problems.push(words);
    }
  };
  const doubtful: number[] = [];
  const shifted = openShifted();
  for await (const { parts } of partsOf(c, terms)) {
    for (const part of parts) {
      part.problems.forEach(note);
      for (const item of part.items) {
        item.problems.forEach(note);
      }
      shifted.note(part);
    }
    const unplaced = await unplacedRows(c, terms.row.id, parts);
    unplaced.held.forEach(note);
    doubtful.push(...unplaced.doubtful);
  }
  // What rows of two parts, or of two files, say differently, only the database has seen.
  known.forEach(note);
  for (const line of [...doubtful, ...shifted.end()]) {
    const told = byLine.get(line);
    if (told !== undefined) {
      told.isUnplaced = true;
    }
  }
  return byLine;
}

/** The header and the rows as they stand in the file, in UTF-8, each with what is wrong with it. */
async function* rowsWithProblems(
  c: Context<AppEnv>,
  terms: FileTerms,
  byLine: ReadonlyMap<number, RowTold>,
): AsyncGenerator<string> {
  const rows = openProblemRows(terms.reading, byLine);
  yield UTF8_MARK;
  for await (const bytes of importBytes(c, terms)) {
    yield readable(rows.push(bytes)).text;
  }
  yield readable(rows.end()).text;
}
