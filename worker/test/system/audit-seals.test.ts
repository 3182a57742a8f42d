/**
 * What a seal proves: an event that was changed, taken away or put in afterwards is found, with the
 * time between which it happened, by whoever can only read.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkTrail, type Witnesses } from '../../../scripts/audit/check-trail.ts';
import type { Seal } from '../../../scripts/audit/seal-chain.ts';
import { readWitnesses } from '../../../scripts/audit/witnesses.ts';
import { makeOrg, type Org } from '../cast.ts';
import { CONSOLE, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
});

const NIGHT = '41 3 * * *';
const seal = () => stack.scheduled(NIGHT);

/** Events of a while ago, one a second: `age` minutes before now the last of them. */
const happened = (count: number, age: number) =>
  stack.sql(
    `insert into audit.events (org_id, at, actor_kind, action, subject_kind, subject_id, detail)
     select $1, now() - make_interval(mins => $3) - make_interval(secs => $2 - n), 'system', 'mail.sent',
            'order', 'Łódź ' || n, '{"b": 1.50, "a": ["ą", null]}'
       from generate_series(1, $2) n`,
    [org.id, count, age],
  );

/** As nobody of ours can: with the triggers off. */
async function tamper(statement: string, table = 'audit.events') {
  await stack.sql(`alter table ${table} disable trigger user`);
  try {
    await stack.sql(statement, [org.id]);
  } finally {
    await stack.sql(`alter table ${table} enable trigger user`);
  }
}

type Listed = {
  seals: { number: number; database: Seal | null; bucket: Seal | null }[];
  nextAfter: number | null;
};
const listed = async () => (await org.owner.get<Listed>('seals')).body;
const witnesses = () => readWitnesses(CONSOLE, org.slug, org.owner.token, stack.fetch);
const check = async (asBucket: Witnesses | null = null) =>
  checkTrail(async (query, params) => ({ rows: await stack.sql(query, params) }), org.id, asBucket);
const faultsOf = async (asBucket: Witnesses | null = null) =>
  (await check(asBucket)).faults.map(({ kind, seal: number }) => [kind, number]);

describe('sealing', () => {
  test('takes what is older than ten minutes, once', async () => {
    await happened(12, 30);
    await org.clerk.post('publishes', { name: 'Too new to be sealed' });
    await seal();
    const { seals } = await listed();
    expect(seals).toMatchObject([{ number: 1, database: { number: 1, events: 12 } }]);
    await Promise.all([seal(), seal()]);
    expect((await listed()).seals).toEqual(seals);
    expect(await check()).toMatchObject({ faults: [], seals: 1, events: 12, unsealed: 1 });
  });

  test('keeps each seal in the bucket, and puts what is missing there on the next run', async () => {
    await happened(3, 30);
    await seal();
    const [row] = (await listed()).seals;
    expect(row?.bucket).toEqual(row?.database);
    const bucket = await stack.bucket();
    await bucket.delete(`seals/${org.id}/1.json`);
    expect((await listed()).seals[0]?.bucket).toBeNull();
    expect(await check(await witnesses())).toMatchObject({ faults: [], unwitnessed: 1 });
    await seal();
    expect((await listed()).seals).toEqual([row]);
  });

  test('never overwrites a seal in the bucket', async () => {
    const bucket = await stack.bucket();
    await bucket.put(`seals/${org.id}/1.json`, '{"kept": "first"}');
    await happened(3, 30);
    await seal();
    const kept = await bucket.get(`seals/${org.id}/1.json`);
    expect(await kept?.text()).toBe('{"kept": "first"}');
  });

  test('goes on in bounded steps, and the chain holds over them', async () => {
    await happened(10, 30);
    for (let step = 0; step < 4; step += 1) {
      await stack.sqlAs('system', ['select * from audit.seal($1, 3)', [org.id]]);
    }
    await seal();
    const seals = (await listed()).seals.map(({ database }) => database?.events);
    expect(seals).toEqual([3, 3, 3, 1]);
    expect(await check(await witnesses())).toMatchObject({ faults: [], events: 10 });
  });

  test('of an org says nothing about another', async () => {
    await happened(2, 30);
    const other = await makeOrg(stack, 'Borealis');
    await seal();
    expect((await other.owner.get<Listed>('seals')).body.seals).toEqual([]);
  });
});

describe('the verifier finds', () => {
  beforeEach(async () => {
    await happened(12, 60);
    for (let step = 0; step < 2; step += 1) {
      await stack.sqlAs('system', ['select * from audit.seal($1, 7)', [org.id]]);
    }
    await seal();
    expect(await check(await witnesses())).toMatchObject({
      faults: [],
      seals: 2,
      events: 12,
      unwitnessed: 0,
    });
  });
  const nth = (n: number) =>
    `(select id from audit.events where org_id = $1 order by at, id offset ${n} limit 1)`;

  test('an event that was edited', async () => {
    await tamper(`update audit.events set detail = '{"b": 1.5}' where id = ${nth(8)}`);
    expect(await faultsOf()).toEqual([['events_changed', 2]]);
  });

  test('an event that was taken out, and between which times', async () => {
    await tamper(`delete from audit.events where id = ${nth(2)}`);
    const { faults } = await check();
    const [first] = (await listed()).seals;
    expect(faults).toEqual([
      { kind: 'events_missing', count: 1, seal: 1, from: null, to: first?.database?.upTo },
    ]);
  });

  test('a tail that was cut off', async () => {
    await tamper(
      'delete from audit.events where org_id = $1 and id in (select id from audit.events where org_id = $1 order by at desc limit 8)',
    );
    expect(await faultsOf()).toEqual([
      ['events_missing', 1],
      ['events_missing', 2],
    ]);
  });

  test('an old event that was put in, by its id', async () => {
    const id = crypto.randomUUID();
    await stack.sql(
      `insert into audit.events (id, org_id, at, actor_kind, action)
       values ($2, $1, now() - interval '61 minutes', 'system', 'mail.sent')`,
      [org.id, id],
    );
    expect((await check()).faults).toMatchObject([{ kind: 'event_inserted', id, seal: 1 }]);
  });

  test('an event whose transaction ended after its seal, as that', async () => {
    const id = crypto.randomUUID();
    // Its transaction is the older one: so the seal is written once more behind it.
    const kept = await stack.sql(
      'select to_jsonb(s)::text as row from audit.seals s where org_id = $1',
      [org.id],
    );
    await tamper('delete from audit.seals where org_id = $1', 'audit.seals');
    await stack.sql(
      `insert into audit.events (id, org_id, at, actor_kind, action)
       values ($2, $1, now() - interval '61 minutes', 'system', 'mail.sent')`,
      [org.id, id],
    );
    for (const { row } of kept) {
      await stack.sql(
        'insert into audit.seals select * from jsonb_populate_record(null::audit.seals, $1)',
        [row],
      );
    }
    expect((await check(await witnesses())).faults).toMatchObject([
      { kind: 'event_late', id, seal: 1 },
    ]);
    await seal();
    expect((await listed()).seals).toHaveLength(2);
  });

  test('a seal that was changed, and one that is gone, by what the bucket keeps', async () => {
    const asBucket = await witnesses();
    await tamper(
      "update audit.seals set head = 'x' where org_id = $1 and number = 1",
      'audit.seals',
    );
    expect(await faultsOf(asBucket)).toEqual([['seal_changed', 1]]);
    await tamper('delete from audit.seals where org_id = $1 and number = 2', 'audit.seals');
    expect(await faultsOf(asBucket)).toEqual([
      ['seal_changed', 1],
      ['seal_missing', 2],
    ]);
    await tamper('delete from audit.seals where org_id = $1', 'audit.seals');
    expect(await faultsOf(await witnesses())).toEqual([
      ['seal_missing', 1],
      ['seal_missing', 2],
    ]);
  });

  test('a whole chain that was made anew over other events', async () => {
    await tamper('delete from audit.seals where org_id = $1', 'audit.seals');
    await tamper(`delete from audit.events where id = ${nth(1)}`);
    await seal();
    expect(await faultsOf()).toEqual([]);
    const found = await faultsOf(await witnesses());
    expect(found).toEqual([
      ['seal_changed', 1],
      ['events_missing', 1],
      ['seal_missing', 2],
    ]);
    expect((await org.clerk.get<{ state: string }>('seals/latest')).body.state).toBe('differs');
  });
});

describe('a broken seal', () => {
  type Alert = { id: string; kind: string; subject: string; params: Record<string, string> };
  const alerts = async () => (await org.clerk.get<{ alerts: Alert[] }>('alerts')).body.alerts;
  beforeEach(async () => {
    await happened(12, 60);
    for (let step = 0; step < 2; step += 1) {
      await stack.sqlAs('system', ['select * from audit.seal($1, 7)', [org.id]]);
    }
    await seal();
    expect(await alerts()).toEqual([]);
  });
  const third = '(select id from audit.events where org_id = $1 order by at, id offset 2 limit 1)';

  test('is an alert the next night, once, with the time between which it happened', async () => {
    await tamper(`delete from audit.events where id = ${third}`);
    await seal();
    const [first] = (await listed()).seals;
    const [alert, ...more] = await alerts();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'audit_broken',
      subject: 'seal 1',
      params: { seal: '1', fault: 'events_missing', to: first?.database?.upTo },
    });
    await seal();
    expect(await alerts()).toHaveLength(1);
    // Nothing mends a seal: who has settled it is not told the same again.
    await org.clerk.put(`alerts/${alert?.id}`, { resolved: true });
    await seal();
    expect(await alerts()).toEqual([]);
    const told = await org.clerk.get<{ events: { subjectKind: string; subjectId: string }[] }>(
      'audit?action=alert.raised,alert.resolved',
    );
    expect(told.body.events.map((event) => [event.subjectKind, event.subjectId])).toEqual([
      ['seal', '1'],
      ['seal', '1'],
    ]);
    await tamper(`update audit.events set detail = '{}' where id = ${third}`);
    await seal();
    expect(await alerts()).toMatchObject([{ params: { seal: '1', fault: 'events_missing' } }]);
  });

  test('is one that the bucket keeps and the database does not, or has otherwise', async () => {
    await tamper('delete from audit.seals where org_id = $1', 'audit.seals');
    await seal();
    const faults = (await alerts()).map(({ params }) => [params.seal, params.fault]);
    expect(faults.sort()).toEqual([
      ['1', 'seal_missing'],
      ['2', 'seal_missing'],
    ]);
  });

  test('is told to nobody of another supplier', async () => {
    const other = await makeOrg(stack, 'Borealis');
    await tamper(`delete from audit.events where id = ${third}`);
    await seal();
    expect((await other.owner.get<{ alerts: Alert[] }>('alerts')).body.alerts).toEqual([]);
  });
});

describe('the seals', () => {
  test('are read by an owner, the last of them by everyone of the org', async () => {
    expect((await org.clerk.get('seals')).status).toBe(403);
    expect((await org.clerk.get('seals/latest')).body).toEqual({ seal: null, state: 'none' });
    await happened(3, 30);
    await seal();
    expect((await org.clerk.get('seals/latest')).body).toMatchObject({
      seal: { number: 1, events: 3 },
      state: 'kept',
    });
    expect((await org.service.get('seals/latest')).status).toBe(403);
  });

  test('are read page by page', async () => {
    await happened(50, 30);
    for (let made = 0; made < 50; made += 1) {
      await stack.sqlAs('system', ['select * from audit.seal($1, 1)', [org.id]]);
    }
    await seal();
    expect([...(await witnesses()).keys()]).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    await expect(readWitnesses(CONSOLE, org.slug, org.clerk.token, stack.fetch)).rejects.toThrow(
      'answered 403',
    );
  });

  test('say so when none was made for too long', async () => {
    await happened(1, 60 * 40);
    expect((await org.clerk.get('seals/latest')).body).toMatchObject({ state: 'overdue' });
  });

  test('can only be added, and by sealing alone', async () => {
    await happened(1, 30);
    await seal();
    for (const statement of [
      'update audit.seals set head = head',
      'delete from audit.seals',
      'truncate audit.seals',
    ]) {
      await expect(stack.sql(statement), statement).rejects.toMatchObject({ code: 'CF003' });
      for (const role of ['customer', 'staff', 'system'] as const) {
        await expect(stack.sqlAs(role, [statement]), role).rejects.toMatchObject({ code: '42501' });
      }
    }
    await expect(
      stack.sqlAs('staff', ['select * from audit.seal($1, 1)', [org.id]]),
    ).rejects.toMatchObject({ code: '42501' });
  });
});
