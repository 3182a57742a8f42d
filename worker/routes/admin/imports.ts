import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { createPublish } from '../../domain/publish.ts';
import {
  insertImport,
  insertItems,
  itemsJson,
  readPublishStatus,
  withSeverity,
} from '../../domain/staged-item.ts';
import { AppError } from '../../errors.ts';
import { stage } from '../../import/stage.ts';
import { sha256 } from '../../sha256.ts';
import { CSV_MAX_BYTES } from '../../vocabulary.ts';
import { readBytes } from '../bytes.ts';
import { validate } from '../validate.ts';

const SHOWN_PROBLEMS_MAX = 1_000;
const ITEMS_MAX_CHARACTERS = 7_500_000;

const query = z.object({
  name: z.string().trim().min(1).max(200),
  publish: z.uuid().optional(),
});

/** One CSV, staged whole or not at all: into a publish that is still open, or a new one. */
export const imports = new Hono<AppEnv>().post(
  '/imports',
  accepts('text/csv'),
  validate('query', query),
  async (c) => {
    const { name, publish } = c.req.valid('query');
    if (publish !== undefined) {
      // Before the file is read: who may not stage here need not send it.
      const [{ rows }] = await asStaff(c, (db) => [readPublishStatus(db, publish)]);
      if (rows[0] === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      if (rows[0].status !== 'staged') {
        throw new AppError('publish_not_staged', 'the publish is decided');
      }
    } else {
      await asStaff(c, () => []);
    }
    const bytes = await readBytes(c.req.raw, CSV_MAX_BYTES);
    const staged = stage(bytes);
    if ('error' in staged) {
      const fields = staged.line === undefined ? {} : { line: String(staged.line) };
      throw new AppError(staged.error, 'the CSV cannot be read', { fields });
    }
    const items = itemsJson(staged.items);
    // Neon takes 10 MiB a request, and the items travel quoted: what is longer cannot be staged whole.
    if (items.length > ITEMS_MAX_CHARACTERS) {
      throw new AppError('too_large', 'too many items for one import', {
        fields: { body: 'split the file' },
      });
    }
    const publishId = publish ?? crypto.randomUUID();
    const id = crypto.randomUUID();
    const facts = { id, publishId, fileName: name, sha256: await sha256(bytes), staged };
    await asStaff(c, (db) => [
      ...(publish === undefined ? [createPublish(db, publishId, name)] : []),
      insertImport(db, facts),
      insertItems(db, publishId, items),
    ]);
    // Files that came before their rows are matched now.
    c.env.kick('make-renditions');
    const { rows, skipped, unknownColumns, duplicateColumns } = staged;
    const problems = [...staged.problems, ...staged.items.flatMap((item) => item.problems)]
      .sort((a, b) => a.line - b.line)
      .slice(0, SHOWN_PROBLEMS_MAX)
      .map(withSeverity);
    return c.json(
      {
        publishId,
        import: {
          id,
          rows,
          items: staged.items.length,
          skipped,
          unknownColumns,
          duplicateColumns,
          problems,
        },
      },
      201,
    );
  },
);
