/** COPY through pg alone: rows out of a table as PostgreSQL writes them, and into another. */
import type pg from 'pg';

type Copying = pg.Connection & {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
};

/** Bytes of one message: pg copies each into a buffer that grows to its size. */
const CHUNK = 64 * 1024;

/** What `copy … to stdout` gives. Throws PostgreSQL's error. */
export async function copyOut(client: pg.Client, statement: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await submit(client, statement, {
    handleCopyData: ({ chunk }: { chunk: Buffer }) => chunks.push(Buffer.from(chunk)),
  });
  return Buffer.concat(chunks);
}

/** Runs `copy … from stdin` with these bytes. Throws PostgreSQL's error. */
export async function copyIn(client: pg.Client, statement: string, rows: Buffer): Promise<void> {
  await submit(client, statement, {
    handleCopyInResponse(connection: Copying) {
      for (let from = 0; from < rows.byteLength; from += CHUNK) {
        connection.sendCopyFromChunk(rows.subarray(from, from + CHUNK));
      }
      connection.endCopyFrom();
    },
  });
}

/** A statement whose messages pg hands to whoever submitted it, as it does for a query of its own. */
function submit(client: pg.Client, statement: string, handlers: object): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query({
      submit: (connection: pg.Connection) => connection.query(statement),
      handleCommandComplete() {},
      handleError: reject,
      handleReadyForQuery: () => resolve(),
      ...handlers,
    });
  });
}
