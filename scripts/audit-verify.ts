/** `npm run audit:verify`: whether an org's audit trail is what it was when it was sealed. */
import { parseArgs } from 'node:util';
import { checkTrail, type Fault, type Report } from './audit/check-trail.ts';
import { readWitnesses } from './audit/witnesses.ts';
import { connected, explain } from './local/migrations.ts';

const USAGE = `
  DATABASE_URL=postgres://owner:…@host/database npm run audit:verify -- --org acme \\
    [--console https://console.example.com]

DATABASE_URL is the connection string of the database's owner, or of a role that may read schema audit
and portal.orgs and that row security does not bind. With --console the seals that the bucket keeps are
compared too: without them a chain that was made anew as a whole is not seen. For that ACCESS_TOKEN is
the Access token of an owner of the org, as "cloudflared access token -app=https://console…" prints it.

Ends with 0 when the trail is intact, 1 when it is broken, 2 when it could not be checked.`;

const [INTACT, BROKEN, NOT_CHECKED] = [0, 1, 2];
const OPTIONS = {
  org: { type: 'string' },
  console: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const { DATABASE_URL, ACCESS_TOKEN } = process.env;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return INTACT;
  }
  const { org, console: origin } = values;
  if (!org) throw new Error(`which org is not said.\n${USAGE}`);
  if (!DATABASE_URL) throw new Error(`DATABASE_URL is not set.\n${USAGE}`);
  if (origin && !ACCESS_TOKEN) throw new Error(`ACCESS_TOKEN is not set.\n${USAGE}`);
  const witnesses = origin ? await readWitnesses(origin, org, ACCESS_TOKEN ?? '') : null;
  const report = await connected(DATABASE_URL, async (client) => {
    // One view of all of it, and nothing is written.
    await client.query('begin isolation level repeatable read, read only');
    const { rows } = await client.query(
      `select o.id, row_security_active('audit.events') or row_security_active('audit.seals') as bound
         from portal.orgs o where o.slug = $1`,
      [org],
    );
    if (rows.length === 0)
      throw new Error(`there is no org "${org}", or this role may not see it.`);
    if (rows[0].bound) throw new Error('row security keeps events from this role.');
    return checkTrail((query, params) => client.query(query, params), rows[0].id, witnesses);
  });
  tell(org, report);
  return report.faults.length === 0 ? INTACT : BROKEN;
}

function tell(org: string, { faults, seals, events, unsealed, unwitnessed }: Report): void {
  for (const fault of faults) {
    const { seal, from, to } = fault;
    console.error(`Seal ${seal} (${from ?? 'the beginning'} to ${to}): ${wordsOf(fault)}.`);
  }
  console.log(
    `${org}: ${faults.length === 0 ? 'intact' : 'BROKEN'}. ` +
      `Seals: ${seals}; events in them: ${events}; since the last seal: ${unsealed}.`,
  );
  if (unwitnessed === null) {
    console.log('The seals that the bucket keeps were not asked for (--console).');
  } else if (unwitnessed > 0) {
    console.log(`Not in the bucket: ${unwitnessed}. The next nightly run puts them there.`);
  }
}

function wordsOf(fault: Fault): string {
  switch (fault.kind) {
    case 'events_missing':
      return `events are gone (${fault.count})`;
    case 'events_added':
      return `there are more events than were sealed (${fault.count})`;
    case 'events_changed':
      return 'an event is not what it was';
    case 'event_inserted':
      return `the event ${fault.id} of ${fault.at} was added after the seal was made`;
    case 'event_late':
      return `the event ${fault.id} of ${fault.at} came late: its transaction ended after the seal was made`;
    case 'seal_changed':
      return 'the seal is not the one that the bucket keeps';
    case 'seal_missing':
      return 'the seal is gone';
  }
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error) => {
    console.error(`Not checked: ${explain(error)}`);
    process.exitCode = NOT_CHECKED;
  });
