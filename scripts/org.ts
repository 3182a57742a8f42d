/** `npm run org`: makes an org and its first owner in the database of DATABASE_URL. */
import { parseArgs } from 'node:util';
import { createOrg } from './local/create-org.ts';
import { connected, explain } from './local/migrations.ts';

const USAGE = `
  DATABASE_URL=postgres://owner:…@host/database npm run org -- create \\
    --slug acme --name "Acme Manufacturing" --owner olga@acme.example \\
    [--owner-name "Olga Berg"] [--code ACME01] [--time-zone America/Chicago]

DATABASE_URL is the connection string of the database's owner. The slug is in the console's
addresses, the code in every access link; without --code it is random.`;

const OPTIONS = {
  slug: { type: 'string' },
  name: { type: 'string' },
  owner: { type: 'string' },
  'owner-name': { type: 'string' },
  code: { type: 'string' },
  'time-zone': { type: 'string' },
  help: { type: 'boolean' },
} as const;

const { DATABASE_URL } = process.env;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) return console.log(USAGE);
  const { slug, name, owner } = values;
  if (positionals.join(' ') !== 'create' || !slug || !name || !owner) {
    throw new Error(`what is to be made is not clear.\n${USAGE}`);
  }
  if (!DATABASE_URL) throw new Error(`DATABASE_URL is not set.\n${USAGE}`);
  const made = await connected(DATABASE_URL, (client) =>
    createOrg((query, params) => client.query(query, params), {
      slug,
      name,
      code: values.code,
      timeZone: values['time-zone'],
      owner: { email: owner, name: values['owner-name'] ?? owner },
    }),
  );
  console.log(`${name} is made: slug ${slug}, code ${made.code}, owner ${owner.toLowerCase()}.

Next, as ${owner.toLowerCase()}:
  1. Sign in at ADMIN_ORIGIN/admin/${slug} (Cloudflare Access must let that address in).
  2. Fill in Settings and save: that publishes the name, the colour and the contact that customers
     see on the page behind their link.
  3. Add the clerks and approvers under Settings, Members.`);
}

main().catch((error) => {
  console.error(`Not done: ${explain(error)}`);
  process.exitCode = 1;
});
