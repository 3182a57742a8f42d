/** The whole product as `npm start` gives it, in a folder and on ports of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `npm start` writes of itself to `run.json`, as far as a browser needs it, and where it is. */
export type RunFile = {
  /** What it keeps lies here, and `try`, the export that a person tries the import with. */
  folder: string;
  portal: string;
  admin: string;
  inbox: string;
  customerLinks: Record<string, string>;
  /** By role; those of the second supplier as `borealis_clerk`. */
  staff: Record<string, { token: string }>;
  /** The owner's, for the driver of {@link neon}. */
  databaseUrl: string;
  /** The address of Neon's protocol. */
  neon: string;
  /** The local carriers', with a clock to set. */
  carriers: string;
};
export type Product = { run: RunFile; stop(): Promise<void> };

const READY = 'Ctrl-C stops it';

/** Starts it with the demo supplier. @throws Error with all it said, when it ends before it is ready */
export async function runProduct(): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-browser-'));
  // Below those that the system gives to whoever asks for any.
  const port = 10_000 + (process.pid % 20_000);
  const product = spawn(process.execPath, ['scripts/start.ts'], {
    env: {
      ...process.env,
      // What vitest runs under would have the web app built for developers.
      NODE_ENV: undefined,
      // The shell's may be that of a portal in use.
      DATABASE_URL: undefined,
      PORT: String(port),
      COUNTERFOIL_FOLDER: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  await new Promise<void>((ready, failed) => {
    const listen = (chunk: Buffer) => {
      said += chunk;
      if (said.includes(READY)) {
        ready();
      }
    };
    product.stdout.on('data', listen);
    product.stderr.on('data', listen);
    product.once('exit', (code) => failed(new Error(`npm start ended with ${code}:\n${said}`)));
  });
  return {
    run: { folder, ...JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) },
    async stop() {
      product.removeAllListeners('exit');
      const ended = once(product, 'exit');
      product.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
