import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember } from '../../access/guards.ts';
import { UTF8_MARK } from '../../csv.ts';
import { readContradictions, readImport } from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { headerOf, PROBLEM_COLUMN } from '../../import/parse.ts';
import { problemWords } from '../../import/problem-words.ts';
import { openSource, type Problem } from '../../import/stage.ts';
import { streamOf } from '../bytes.ts';
import { attachmentHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';
import { existing, readable } from './import-file.ts';
import { bytesOf, type FileTerms, partsOf } from './staging-parts.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });

/** The rows of an import that have a problem, to be mended and sent again. */
export const importProblems = new Hono<AppEnv>().get(
  '/imports/:id/problems.csv',
  validate('param', byId),
  async (c) => {
    const { id } = c.req.valid('param');
    const { member, results } = await asMember(c, (db) => [
      readImport(db, id),
      readContradictions(db, id),
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

type ProblemsByLine = Map<number, string[]>;

/** Every problem of the file in words, by the line of its row. */
async function problemsByLine(
  c: Context<AppEnv>,
  terms: FileTerms,
  known: readonly Problem[],
): Promise<ProblemsByLine> {
  const byLine: ProblemsByLine = new Map();
  const note = (problem: Problem) => {
    const words = problemWords(problem);
    const told = byLine.get(problem.line) ?? [];
    if (!told.includes(words)) {
      byLine.set(problem.line, [...told, words]);
    }
  };
  for await (const { parts } of partsOf(c, terms)) {
    for (const { items, problems } of parts) {
      problems.forEach(note);
      for (const item of items) {
        item.problems.forEach(note);
      }
    }
  }
  // What rows of two parts say differently, only the database has seen.
  known.forEach(note);
  return byLine;
}

/** The header and the rows as they stand in the file, in UTF-8, each with what is wrong with it. */
async function* rowsWithProblems(
  c: Context<AppEnv>,
  terms: FileTerms,
  byLine: ProblemsByLine,
): AsyncGenerator<string> {
  const source = openSource(terms.reading);
  let header: ReturnType<typeof headerOf> | undefined;
  const shown = (rows: ReturnType<typeof source.end>) => {
    let text = '';
    for (const { line, cells } of readable(rows)) {
      if (header === undefined) {
        header = headerOf(cells);
        text += csvLine([...header.names, PROBLEM_COLUMN], terms.reading.delimiter);
        continue;
      }
      const problems = byLine.get(line);
      if (problems !== undefined) {
        // A file that went through here before has our column already: it is written anew.
        const own = header.hasProblemColumn ? cells.toSpliced(header.names.length, 1) : cells;
        text += csvLine([...own, problems.join('; ')], terms.reading.delimiter);
      }
    }
    return text;
  };
  yield UTF8_MARK;
  for await (const bytes of bytesOf(c, terms)) {
    yield shown(source.push(bytes));
  }
  yield shown(source.end());
}

/** One row, its cells quoted where they must be; nothing disarmed, since it is to be read again. */
function csvLine(cells: readonly string[], delimiter: string): string {
  const quoted = cells.map((cell) =>
    cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(delimiter)}\r\n`;
}
