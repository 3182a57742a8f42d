/** `npm run migrate`: brings the database of DATABASE_URL up to date. */
import { parseArgs } from 'node:util';
import { AUDIENCES, explain, migratePostgres, renewPasswords } from './local/migrations.ts';

const USAGE = `
  DATABASE_URL=postgres://owner:…@host/database npm run migrate
  DATABASE_URL=… npm run migrate -- --passwords

DATABASE_URL is the connection string of the database's owner, on Neon the one that its console
shows. --passwords also gives the three roles that the Worker signs in as fresh passwords and prints
their connection strings, this once.`;

const { DATABASE_URL } = process.env;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { passwords: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(USAGE);
  if (!DATABASE_URL) throw new Error(`DATABASE_URL is not set.\n${USAGE}`);
  if (!URL.canParse(DATABASE_URL)) throw new Error(`DATABASE_URL is not a URL.\n${USAGE}`);
  await migratePostgres(DATABASE_URL);
  console.log('The database is up to date.');
  if (!values.passwords) return;

  const urls = await renewPasswords(DATABASE_URL);
  console.log('\nThe roles have new passwords. Give the Worker each of these, and keep none:\n');
  for (const audience of AUDIENCES) {
    const name = `DATABASE_URL_${audience.toUpperCase()}`;
    console.log(`npx wrangler secret put ${name}\n  ${urls[audience]}\n`);
  }
}

main().catch((error) => {
  console.error(`Not migrated: ${explain(error)}`);
  process.exitCode = 1;
});
