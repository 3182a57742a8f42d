/**
 * What a PDF holds, told before anybody is shown it. The bytes are a stranger's: they are first
 * read by a reader that counts what it does (survey.ts), then by pdf-lib, which can read what
 * passed, and pdf.js has a copy of our own making (readable-copy.ts).
 */
import { log } from '../log.ts';
import { indexOfBytes } from './find-bytes.ts';
import { endOf } from './inspection/envelope.ts';
import { type FinalCode, type Finding, findingOf, Refusal, refuse } from './inspection/findings.ts';
import { startSpending } from './inspection/spending.ts';
import { type Survey, survey } from './inspection/survey.ts';
import { keyword } from './inspection/syntax.ts';

export { looksLikePdf } from './inspection/envelope.ts';
export type { Finding } from './inspection/findings.ts';

/** What a document of trade never comes near; each page is stamped, and read. */
export const PDF_PAGES_MAX = 500;
const TEXT_PAGES_MAX = 20;
const ENCRYPT = keyword('/Encrypt');

export type Inspection = {
  findings: Finding[];
  /** 0 when they could not be counted. */
  pages: number;
  /** A signed file, and one with an e-invoice inside, are served unaltered. */
  served: 'stampable' | 'signed' | 'e_invoice';
  /** Of the first 20 pages, as words: see words.ts. '' when there is none. */
  text: string;
  /** What the file's streams came to, as far as they were read; images are not. */
  inflatedBytes: number;
};

/** Longer than any inspection: one that has not ended by then died with its request. */
const TURN_MS_MAX = 10_000;
let lastTurn: Promise<void> = Promise.resolve();

/**
 * Inspects a file, one at a time in this isolate: each may take tens of megabytes. Never throws for
 * bad bytes, whatever is wrong is a finding; the same bytes give the same findings.
 */
export async function inspect(bytes: Uint8Array<ArrayBuffer>): Promise<Inspection> {
  const before = lastTurn;
  const turn = Promise.withResolvers<void>();
  lastTurn = turn.promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const longEnough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TURN_MS_MAX);
  });
  await Promise.race([before, longEnough]);
  clearTimeout(timer);
  try {
    return await inspectAlone(bytes);
  } finally {
    turn.resolve();
  }
}

async function inspectAlone(bytes: Uint8Array<ArrayBuffer>): Promise<Inspection> {
  const spending = startSpending(bytes.length);
  const found: Inspection = {
    findings: [],
    pages: 0,
    served: 'stampable',
    text: '',
    inflatedBytes: 0,
  };
  try {
    const surveyed = survey(bytes, spending);
    found.served = servedOf(surveyed);
    found.findings = openFindings(bytes, surveyed);
    await readPages(bytes, surveyed, found);
  } catch (error) {
    found.findings = [{ code: finalCodeOf(bytes, error) }];
    found.pages = 0;
  }
  found.inflatedBytes = spending.inflated;
  return found;
}

function servedOf({ signed, embedded }: Survey): Inspection['served'] {
  if (signed) return 'signed';
  return embedded.some(({ eInvoice }) => eInvoice) ? 'e_invoice' : 'stampable';
}

/** @throws Refusal pdf_damaged when the file was cut off */
function openFindings(bytes: Uint8Array, { walked, active, embedded }: Survey): Finding[] {
  const findings: Finding[] = [];
  if (active.length > 0) findings.push(findingOf('pdf_active_content', active));
  const others = embedded.filter(({ eInvoice }) => !eInvoice);
  if (others.length > 0) {
    findings.push(
      findingOf(
        'pdf_embedded_files',
        others.map(({ name }) => name),
      ),
    );
  }
  const end = endOf(bytes, walked);
  if (end === 'cut off') refuse('pdf_damaged');
  if (end === 'followed') findings.push({ code: 'pdf_trailing_bytes' });
  return findings;
}

/** Counts the pages, and reads the first of them where they are not too many. */
async function readPages(
  bytes: Uint8Array<ArrayBuffer>,
  { pageObjects, statedPages }: Survey,
  found: Inspection,
): Promise<void> {
  // The file says so itself, and has them: pdf-lib need not take them all into memory.
  const isLong = pageObjects > PDF_PAGES_MAX && statedPages > PDF_PAGES_MAX;
  const tree = isLong
    ? null
    : await (await import('./inspection/page-tree.ts')).loadPageTree(bytes);
  found.pages = tree?.count ?? statedPages;
  if (found.pages === 0) refuse('pdf_no_pages');
  if (found.pages > PDF_PAGES_MAX) {
    found.findings = [findingOf('pdf_too_many_pages', [String(found.pages)])];
  } else if (tree) {
    const { extractWords } = await import('./inspection/text.ts');
    found.text = await extractWords(tree.context, tree.pages().slice(0, TEXT_PAGES_MAX));
  }
}

function finalCodeOf(bytes: Uint8Array, error: unknown): FinalCode {
  // An encrypted stream is damage to whoever has no key.
  if (indexOfBytes(bytes, ENCRYPT) !== -1) return 'pdf_encrypted';
  if (error instanceof Refusal) return error.code;
  log('inspect_failed', { reason: error instanceof Error ? error.name : typeof error });
  return 'pdf_damaged';
}
