import type { PGlite } from '@electric-sql/pglite';
import { type NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NeonServer, openPglite, startNeon } from './neon.ts';

let database: PGlite;
let server: NeonServer;

beforeAll(async () => {
  database = await openPglite();
  await database.exec(`
    create role shopper login;
    create role "odd ""name" login;
    create role nobody_signs_in nologin;
    create table ledger (id int primary key, note text not null constraint note_short check (length(note) < 20));
    create table secret (id int);
    create table late_check (id int, parent int references ledger (id) deferrable initially deferred);
    grant select, insert, update on ledger, late_check to shopper;
    create function who_calls() returns text language sql security definer
      as $$ select session_user || ' through ' || current_user $$;
  `);
  server = await startNeon({ database });
  neonConfig.fetchEndpoint = server.url;
  neonConfig.disableWarningInBrowsers = true;
});

afterAll(async () => {
  await server.stop();
  await database.close();
});

beforeEach(() => database.exec('delete from late_check; delete from ledger'));
afterEach(() => {
  server.fault = null;
});

const url = (user: string) => `postgresql://${encodeURIComponent(user)}:any@db.localtest/app`;
const connect = (user: string) => neon(url(user));

async function failure(promise: Promise<unknown>): Promise<NeonDbError> {
  try {
    await promise;
  } catch (error) {
    return error as NeonDbError;
  }
  throw new Error('It did not fail.');
}

async function notes(): Promise<string[]> {
  const { rows } = await database.query<{ note: string }>('select note from ledger order by id');
  return rows.map((row) => row.note);
}

describe('what the driver reads', () => {
  test('every type makes the round trip', async () => {
    const sql = connect('shopper');
    const values = [
      '0190b4a2-0000-7000-8000-000000000001',
      '12345678901234.50',
      '2026-02-03T04:05:06.000Z',
      '{"a":[1,null]}',
      new Uint8Array([0, 255, 16]),
      null,
      7,
      true,
    ];
    const [row] = await sql.query(
      `select $1::uuid as id, $2::numeric(20,2) as amount, $3::timestamptz as at,
        '2026-02-03'::date::text as day, $4::jsonb as body, $5::bytea as bytes, $6::text as nothing,
        $7::int as number, $8::bool as yes, array['a','b c',null] as words, array[1,2] as numbers,
        'zażółć "quoted" \\ 漢字 🙂' as text`,
      values,
    );
    expect(row).toEqual({
      id: values[0],
      amount: '12345678901234.50',
      at: new Date('2026-02-03T04:05:06Z'),
      day: '2026-02-03',
      body: { a: [1, null] },
      bytes: Buffer.from([0, 255, 16]),
      nothing: null,
      number: 7,
      yes: true,
      words: ['a', 'b c', null],
      numbers: [1, 2],
      text: 'zażółć "quoted" \\ 漢字 🙂',
    });
  });

  test('full results name the command, its count and the columns', async () => {
    const sql = neon(url('shopper'), { fullResults: true, arrayMode: true });
    const inserted = await sql.query(`insert into ledger values (1,'a'),(2,'b')`);
    expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 2, rows: [], fields: [] });
    const read = await sql.query('select id, note from ledger order by id');
    expect(read).toMatchObject({
      command: 'SELECT',
      rowCount: 2,
      rowAsArray: true,
      rows: [
        [1, 'a'],
        [2, 'b'],
      ],
    });
    expect(read.fields.map((f) => [f.name, f.dataTypeID])).toEqual([
      ['id', 23],
      ['note', 25],
    ]);
  });

  test('a statement that PostgreSQL allows only outside a transaction runs for the owner', async () => {
    await expect(connect('postgres').query('vacuum ledger')).resolves.toEqual([]);
  });

  test('two statements in one string are refused', async () => {
    const error = await failure(connect('postgres').query('select 1; select 2'));
    expect(error.code).toBe('42601');
  });

  test('a request over 10 MiB is refused and so is such an answer', async () => {
    const sql = connect('shopper');
    const asked = await failure(sql.query('select $1', ['x'.repeat(10 * 1024 * 1024)]));
    expect(asked.message).toContain('413');
    const answered = await failure(sql.query(`select repeat('x', 10 * 1024 * 1024)`));
    expect(answered.message).toContain('507');
  });
});

describe('batches', () => {
  test('a batch is one request and rolls back whole', async () => {
    const sql = connect('shopper');
    server.resetRequests();
    const error = await failure(
      sql.transaction([
        sql`insert into ledger values (1, 'kept?')`,
        sql`insert into ledger values (2, 'a note that is far too long')`,
        sql`select 1`,
      ]),
    );
    expect(server.requests()).toBe(1);
    expect(error).toMatchObject({
      name: 'NeonDbError',
      code: '23514',
      severity: 'ERROR',
      constraint: 'note_short',
      table: 'ledger',
      schema: 'public',
    });
    expect(error.message).toContain('violates check constraint');
    expect(error.detail).toContain('far too long');
    expect(await notes()).toEqual([]);
  });

  test('a constraint that is checked at the end fails the batch', async () => {
    const sql = connect('shopper');
    const error = await failure(
      sql.transaction([
        sql`insert into ledger values (1, 'kept?')`,
        sql`insert into late_check values (1, 99)`,
      ]),
    );
    expect(error.code).toBe('23503');
    expect(await notes()).toEqual([]);
  });

  test('a setting of statement 1 holds in statement 2 and is gone in the next request', async () => {
    const sql = connect('shopper');
    const [, inside] = await sql.transaction([
      sql`select set_config('app.who', 'anna', true)`,
      sql`select current_setting('app.who', true) as who`,
    ]);
    expect(inside).toEqual([{ who: 'anna' }]);
    const [after] = await sql`select nullif(current_setting('app.who', true), '') as who`;
    expect(after).toEqual({ who: null });
  });

  test('isolation level, read-only and deferrable are honoured', async () => {
    const sql = connect('shopper');
    const [modes] = await sql.transaction(
      [
        sql`select current_setting('transaction_isolation') as level,
          current_setting('transaction_read_only') as read_only,
          current_setting('transaction_deferrable') as deferrable`,
      ],
      { isolationLevel: 'Serializable', readOnly: true, deferrable: true },
    );
    expect(modes).toEqual([{ level: 'serializable', read_only: 'on', deferrable: 'on' }]);
    const error = await failure(
      sql.transaction([sql`insert into ledger values (1, 'x')`], { readOnly: true }),
    );
    expect(error.code).toBe('25006');
  });

  test('concurrent requests wait for each other and for a transaction on the same instance', async () => {
    const sql = connect('shopper');
    await database.exec(`insert into ledger values (0, '0')`);
    const bump = () =>
      sql.transaction([
        sql`select note from ledger where id = 0`,
        sql`update ledger set note = (note::int + 1)::text where id = 0`,
      ]);
    server.resetRequests();
    let inOwnTransaction: unknown;
    await Promise.all([
      ...Array.from({ length: 10 }, bump),
      database.transaction(async (tx) => {
        const before = await tx.query('select note, current_user from ledger where id = 0');
        while (server.requests() < 20) await new Promise(setImmediate);
        const after = await tx.query('select note, current_user from ledger where id = 0');
        inOwnTransaction = [before.rows, after.rows];
      }),
      ...Array.from({ length: 10 }, bump),
    ]);
    expect(await notes()).toEqual(['20']);
    const [before, after] = inOwnTransaction as unknown[];
    expect(before).toEqual(after);
  });
});

describe('who is calling', () => {
  test("the connection string's user decides the rights", async () => {
    const sql = connect('shopper');
    const [row] = await sql`select session_user, current_user, who_calls() as definer`;
    expect(row).toEqual({
      session_user: 'shopper',
      current_user: 'shopper',
      definer: 'shopper through postgres',
    });
    expect((await failure(sql`select * from secret`)).code).toBe('42501');
    expect((await failure(sql`set role postgres`)).code).toBe('42501');
    const batch = [sql`reset role`, sql`select * from secret`];
    expect((await failure(sql.transaction(batch))).code).toBe('42501');
  });

  test('the next request and the instance itself are not left with the role', async () => {
    await connect('shopper')`select 1`;
    await failure(connect('shopper')`select * from secret`);
    const { rows } = await database.query('select session_user, current_user');
    expect(rows).toEqual([{ session_user: 'postgres', current_user: 'postgres' }]);
    await expect(connect('postgres')`select * from secret`).resolves.toEqual([]);
  });

  test('a name that needs quoting is only a name', async () => {
    const [row] = await connect('odd "name')`select current_user as me`;
    expect(row).toEqual({ me: 'odd "name' });
    const error = await failure(connect(`x"; drop table ledger; --`)`select 1`);
    expect(error.code).toBe('28000');
    expect(await notes()).toEqual([]);
  });

  test.each(['nobody_signs_in', 'unheard_of'])('%s may not log in', async (user) => {
    const sql = connect(user);
    expect(await failure(sql`select 1`)).toMatchObject({ code: '28000', severity: 'FATAL' });
    expect(await failure(sql.transaction([sql`select 1`]))).toMatchObject({ code: '28000' });
  });
});

describe('faults', () => {
  test('a database that is down is a server error without a code', async () => {
    server.fault = { kind: 'down' };
    const error = await failure(connect('shopper')`select 1`);
    expect(error.message).toContain('HTTP status 503');
    expect(error.code).toBeUndefined();
  });

  test('a reset cuts the connection before anything runs', async () => {
    server.fault = { kind: 'reset' };
    const error = await failure(connect('shopper')`insert into ledger values (1, 'x')`);
    expect(error.message).toContain('Error connecting to database');
    expect(await notes()).toEqual([]);
  });

  test('a late answer may well have committed', async () => {
    server.fault = { kind: 'late', ms: 60_000 };
    const error = await failure(
      neon(url('shopper'), { fetchOptions: { signal: AbortSignal.timeout(150) } })`
        insert into ledger values (1, 'committed')`,
    );
    expect(String(error.sourceError)).toContain('TimeoutError');
    expect(await notes()).toEqual(['committed']);
  });

  test('the chosen statement fails in its place', async () => {
    server.fault = { kind: 'error', match: 'from ledger' };
    const sql = connect('shopper');
    const error = await failure(
      sql.transaction([
        sql`insert into ledger values (1, 'x')`,
        sql`select note from ledger where id = ${1}`,
      ]),
    );
    expect(error.code).toBe('XX000');
    expect(await notes()).toEqual([]);
    await expect(sql`select 1 as one`).resolves.toEqual([{ one: 1 }]);
  });

  test('a taken port is said in plain words', async () => {
    await expect(startNeon({ database, port: server.port })).rejects.toThrow(
      `Port ${server.port} is taken. Stop what uses it or set PORT.`,
    );
  });

  test('a web page that resolved its own name to this machine is turned away', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example' };
      request(server.url, { method: 'POST', headers }, (r) => resolve(r.statusCode)).end();
    });
    expect(status).toBe(421);
  });
});
