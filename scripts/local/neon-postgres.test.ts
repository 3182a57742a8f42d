import { type NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NeonServer, startNeon } from './neon.ts';
import { type LocalPostgres, openPostgres } from './postgres.ts';

describe('in front of a real PostgreSQL', () => {
  let postgres: LocalPostgres;
  let owner: pg.Client;
  let server: NeonServer;

  beforeAll(async () => {
    postgres = await openPostgres(undefined);
    owner = new pg.Client(postgres.url);
    await owner.connect();
    await owner.query(`
      create role local_neon_shopper login password 'p@ss word';
      create schema local_neon;
      create table local_neon.ledger (id int constraint ledger_key primary key, note text);
      grant usage on schema local_neon to local_neon_shopper;
      grant select, insert, update on local_neon.ledger to local_neon_shopper;
    `);
    server = await startNeon({ database: { url: postgres.url } });
    neonConfig.fetchEndpoint = server.url;
    neonConfig.disableWarningInBrowsers = true;
  });

  afterAll(async () => {
    await server.stop();
    await owner.query('drop schema local_neon cascade; drop role local_neon_shopper');
    await owner.end();
    await postgres.stop();
  });

  const connect = (password: string) =>
    neon(`postgresql://local_neon_shopper:${encodeURIComponent(password)}@db.localtest/app`);
  const shopper = connect('p@ss word');

  async function code(promise: Promise<unknown>): Promise<string | undefined> {
    return promise.then(
      () => 'no error',
      (error: NeonDbError) => error.code,
    );
  }

  test('types arrive as text and are parsed by the driver', async () => {
    const [row] = await shopper`select ${'12.50'}::numeric as amount, ${null}::text as nothing,
      current_user as me, array[1,2] as numbers, ${new Uint8Array([0, 255])}::bytea as bytes`;
    expect(row).toEqual({
      amount: '12.50',
      nothing: null,
      me: 'local_neon_shopper',
      numbers: [1, 2],
      bytes: Buffer.from([0, 255]),
    });
  });

  test('a batch rolls back whole and its settings end with it', async () => {
    const batch = [
      shopper`select set_config('app.who', 'anna', true)`,
      shopper`insert into local_neon.ledger values (1, current_setting('app.who'))`,
      shopper`insert into local_neon.ledger values (1, 'twice')`,
    ];
    await expect(shopper.transaction(batch)).rejects.toMatchObject({
      code: '23505',
      constraint: 'ledger_key',
      schema: 'local_neon',
    });
    const [row] = await shopper`select nullif(current_setting('app.who', true), '') as who,
      (select count(*)::int from local_neon.ledger) as entries`;
    expect(row).toEqual({ who: null, entries: 0 });
  });

  test('requests run side by side, each on its own connection', async () => {
    await owner.query(`begin; insert into local_neon.ledger values (5, 'held')`);
    const waiting = code(shopper`insert into local_neon.ledger values (5, 'waits')`);
    const [row] = await shopper`select count(*)::int as entries from local_neon.ledger`;
    expect(row).toEqual({ entries: 0 });
    await owner.query('rollback');
    expect(await waiting).toBe('no error');
  });

  test('a wrong password, a wrong user and two statements in one are refused', async () => {
    expect(await code(connect('wrong')`select 1`)).toBe('28P01');
    expect(await code(neon('postgresql://nobody_here:x@db.localtest/app')`select 1`)).toMatch(
      /^28/,
    );
    expect(await code(shopper.query('select 1; select 2'))).toBe('42601');
  });

  test("the owner's own name takes the url's password", async () => {
    const { username } = new URL(postgres.url);
    const [row] = await neon(`postgresql://${username}:ignored@db.localtest/app`)`
      select current_user as me`;
    expect(row).toEqual({ me: decodeURIComponent(username) });
  });

  test('a server that does not answer is a server error without a code', async () => {
    const nowhere = await startNeon({ database: { url: 'postgresql://a:b@127.0.0.1:1/c' } });
    neonConfig.fetchEndpoint = nowhere.url;
    try {
      await expect(shopper`select 1`).rejects.toThrow('HTTP status 503');
    } finally {
      neonConfig.fetchEndpoint = server.url;
      await nowhere.stop();
    }
  });

  test('a database is lent, but not where a Counterfoil may be running', async () => {
    await owner.query('create role counterfoil_staff');
    await expect(openPostgres(postgres.url)).rejects.toThrow('the role counterfoil_staff');
    await owner.query('drop role counterfoil_staff');
    const lent = await openPostgres(postgres.url);
    expect(lent.url).not.toBe(postgres.url);
    await lent.stop();
  });
});
