import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { readImport, readImportProblems } from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { columnsLeft } from '../../import/map.ts';
import { checkReading, type Reading } from '../../import/reading.ts';
import {
  CANONICAL_FIELDS,
  type CanonicalField,
  DATE_ORDERS,
  DECIMALS,
  DELIMITERS,
  ENCODINGS,
} from '../../vocabulary.ts';
import { answerInLines } from '../ndjson.ts';
import { validate } from '../validate.ts';
import { columnsOf, existing, readHead } from './import-file.ts';
import { reportOf, type StagingTerms, stageInParts } from './staging-parts.ts';

const COLUMNS_MAX = 1_000;

const byId = z.object({ org: z.string(), id: z.uuid() });
const confirmed = z.object({
  reading: z.object({
    encoding: z.enum(ENCODINGS),
    delimiter: z.enum(DELIMITERS),
    headerLine: z.int().min(1).max(1_000_000),
    dateOrder: z.enum(DATE_ORDERS),
    decimal: z.enum(DECIMALS),
    // sound: a const record's keys
    fields: z
      .array(
        z.enum(Object.keys(CANONICAL_FIELDS) as [CanonicalField, ...CanonicalField[]]).nullable(),
      )
      .max(COLUMNS_MAX),
  }),
});

/** How an import is read, confirmed: its rows are staged part by part, and told as they are. */
export const staging = new Hono<AppEnv>().post(
  '/imports/:id/staging',
  accepts('application/json'),
  validate('param', byId),
  validate('json', confirmed),
  async (c) => {
    const { id } = c.req.valid('param');
    const { reading } = c.req.valid('json');
    const { member, results } = await asMember(c, (db) => [
      readImport(db, id),
      readImportProblems(db, id),
    ]);
    const row = existing(results[0].rows);
    const head = await readHead(c.env.ports.bucket, member.orgId, row);
    // One that is staged is told as it was read.
    const kept = row.state === 'staged' && row.reading !== null ? row.reading : reading;
    const { columns, fingerprint } = columnsOf(head, kept);
    const names = columns.map(({ name }) => name);
    const { unknown, duplicates } = columnsLeft(names, kept.fields);
    if (row.state === 'staged') {
      const problems = results[1].rows.map(({ problem }) => problem);
      const report = reportOf(row, duplicates, problems);
      return answerInLines(c, async function* () {
        yield report;
      });
    }
    if (row.publishStatus !== null && row.publishStatus !== 'staged') {
      throw new AppError('publish_not_staged', 'the publish is decided');
    }
    refuseWrong(reading, columns.length);
    const terms: StagingTerms = {
      orgId: member.orgId,
      row,
      reading,
      fingerprint,
      header: names,
      unknownColumns: unknown,
      duplicateColumns: duplicates,
    };
    return answerInLines(c, () => stageInParts(c, terms));
  },
);

/** @throws AppError `reading_invalid`, with each field that is wrong, or `columns` */
function refuseWrong(reading: Reading, columns: number): void {
  const problems = checkReading(reading, columns);
  if (problems.length > 0) {
    throw new AppError('reading_invalid', 'the file cannot be read this way', {
      fields: Object.fromEntries(problems.map(({ code, field = 'columns' }) => [field, code])),
    });
  }
}
