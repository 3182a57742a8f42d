/** One statement as the driver sends it: values arrive as text or null. */
export type Statement = { query: string; params: (string | null)[] };

/** What a batch's headers ask of its transaction; a single statement has none. */
export type BatchOptions = {
  isolation: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable' | null;
  readOnly: boolean;
  deferrable: boolean;
};

/** Raw Postgres text, as Neon answers in raw-text array mode. */
export type StatementResult = {
  fields: { name: string; dataTypeID: number }[];
  rows: (string | null)[][];
  command: string;
  rowCount: number | null;
};

/** Who the connection string says is calling. */
export type ConnectionUser = { user: string; password: string };

/**
 * What is behind the SQL server. `run` executes the statements in order on one connection: with
 * options as one transaction, with null (a single statement) as Postgres' own implicit one.
 * It throws an error with Postgres' fields (`code`, `severity`, …) when Postgres refused, and any
 * other error when the database did not answer.
 */
export type Backend = {
  run(
    who: ConnectionUser,
    statements: Statement[],
    options: BatchOptions | null,
  ): Promise<StatementResult[]>;
  close(): Promise<void>;
};

/** `begin` with the batch's modes. */
export function beginSql(options: BatchOptions | null): string {
  const modes: string[] = [];
  if (options?.isolation) modes.push(`isolation level ${options.isolation}`);
  if (options?.readOnly) modes.push('read only');
  if (options?.deferrable) modes.push('deferrable');
  return `begin ${modes.join(', ')}`;
}

/** Splits a command tag (`INSERT 0 2`, `SELECT 1`, `CREATE TABLE`) as Neon's proxy does. */
export function commandOf(tag: string): { command: string; rowCount: number | null } {
  const words = tag.split(' ');
  const count = Number.parseInt((words[0] === 'INSERT' ? words[2] : words[1]) ?? '', 10);
  return { command: words[0] ?? '', rowCount: Number.isNaN(count) ? null : count };
}
