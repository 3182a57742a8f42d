/**
 * `npm run test:postgres`: the system tests, with those that race, and the local Neon's own, on a
 * real PostgreSQL: one started for the run, or a database made and dropped on the server of
 * DATABASE_URL. What follows `--` goes to vitest in place of the files.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { explain } from './local/migrations.ts';
import { openPostgres } from './local/postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILES = ['worker/test/system/', 'scripts/local/neon-postgres.test.ts'];

async function main(): Promise<number> {
  const postgres = await openPostgres(process.env.DATABASE_URL);
  try {
    const given = process.argv.slice(2);
    const vitest = spawn(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config=worker/test/vitest.config.ts',
        '--project=system',
        '--project=unit',
        ...(given.length > 0 ? given : FILES),
      ],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, TEST_DATABASE_URL: postgres.url, DATABASE_URL: postgres.url },
      },
    );
    // The terminal interrupts both; vitest ends first, and then there is a database to remove.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => vitest.kill(signal));
    }
    const [code] = await once(vitest, 'exit');
    return code ?? 1;
  } finally {
    await postgres.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(explain(error));
    process.exit(1);
  },
);
