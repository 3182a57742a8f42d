import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember } from '../../access/guards.ts';
import { readContradictions, readImport } from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { problemWords } from '../../import/problem-words.ts';
import { lastCell, openRecords } from '../../import/records.ts';
import type { Problem } from '../../import/stage.ts';
import { streamOf } from '../bytes.ts';
import { attachmentHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';
import { existing } from './import-file.ts';
import { bytesOf, type FileTerms, partsOf } from './staging-parts.ts';

/** What the engine does not read as the file's own. */
const OUR_COLUMN = 'problem';

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
  const { delimiter, headerLine, encoding } = terms.reading;
  const records = openRecords(delimiter);
  const decoder = new TextDecoder(encoding);
  // A file that went through here before has our column already: it is written anew.
  let ours = Number.POSITIVE_INFINITY;
  const shown = (found: ReturnType<typeof records.push>) =>
    found
      .flatMap(({ line, text }) => {
        const isHeader = line === headerLine;
        const words = isHeader ? OUR_COLUMN : byLine.get(line)?.map(asCell).join('; ');
        if (words === undefined) {
          return [];
        }
        const { cells, before } = lastCell(text, delimiter);
        if (isHeader && text.slice(before.length + 1).trim() === OUR_COLUMN) {
          ours = cells;
        }
        return [`${cells < ours ? text : before}${delimiter}${quoted(words)}\r\n`];
      })
      .join('');
  yield '\ufeff';
  for await (const bytes of bytesOf(c, terms)) {
    yield shown(records.push(decoder.decode(bytes, { stream: true })));
  }
  yield shown([...records.push(decoder.decode()), ...records.end()]);
}

/** On one line, so that the rows can be counted. */
const asCell = (words: string) => words.replace(/\s+/gu, ' ');
const quoted = (text: string) => (text === OUR_COLUMN ? text : `"${text.replaceAll('"', '""')}"`);
