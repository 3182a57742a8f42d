/** `npm run push`: stages a CSV and its PDFs from an ERP's nightly export, with no browser. */
import { parseArgs } from 'node:util';
import { chooseFiles, UsageError } from './push/choose.ts';
import { consoleApi } from './push/console-api.ts';
import { push } from './push/push.ts';
import { EXIT_CODES, linesOf } from './push/report.ts';

const USAGE = `
  npm run push -- --org acme index.csv folder/

  --org         the supplier's name in the console's addresses
  --url         the console, https://console.example; or COUNTERFOIL_URL
  --publish     the id of a staged publish to push into, instead of a new one
  --json        one JSON object on stdout instead of lines (with npm run --silent)

  ACCESS_CLIENT_ID, ACCESS_CLIENT_SECRET   the Cloudflare Access service token

It stages and never approves. Exit codes:
  0  staged; nothing is blocked or missing
  1  what was asked for is not clear
  2  refused, or the console could not be reached
  3  a person has to confirm once in the console how the file is read
  4  staged, but something is blocked, has no file, or failed`;

const OPTIONS = {
  org: { type: 'string' },
  url: { type: 'string' },
  publish: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(USAGE);
    return EXIT_CODES.staged;
  }
  const { ACCESS_CLIENT_ID: clientId, ACCESS_CLIENT_SECRET: clientSecret } = process.env;
  const { org } = values;
  if (!org) throw new UsageError('--org is not given.');
  if (!clientId || !clientSecret) {
    throw new UsageError('ACCESS_CLIENT_ID and ACCESS_CLIENT_SECRET are not set.');
  }
  const url = originOf(values.url ?? process.env.COUNTERFOIL_URL);
  const chosen = await chooseFiles(positionals);
  const api = consoleApi({ url, org, clientId, clientSecret });
  const { progress, clear } = teller();
  const report = await push({ api, url, org, chosen, publishId: values.publish, progress });
  clear();
  console.log(values.json ? JSON.stringify(report) : linesOf(report).join('\n'));
  return report.exitCode;
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The console's origin. The secret goes with every request, so it goes encrypted, or stays on this machine. */
function originOf(text: string | undefined): string {
  if (!text) throw new UsageError('--url is not given, and COUNTERFOIL_URL is not set.');
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal)) {
    throw new UsageError(`${text} is not an https:// address.`);
  }
  return url.origin;
}

/** One line on a terminal's stderr that says how far it is; nothing in a scheduler's log. */
function teller() {
  const { stderr } = process;
  if (!stderr.isTTY) return { progress: () => {}, clear: () => {} };
  const say = (words: string) =>
    stderr.write(`\r\x1b[2K${words.slice(0, (stderr.columns || 80) - 1)}`);
  return { progress: (words: string) => void say(`${words} …`), clear: () => void say('') };
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    console.error(isUsage ? `Not pushed: ${error.message}\n${USAGE}` : error);
    process.exitCode = isUsage ? EXIT_CODES.usage : EXIT_CODES.refused;
  },
);
