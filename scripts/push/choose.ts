/** What is to be pushed: one CSV, and the PDFs that were named or lie in the folders that were. */
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** A PDF by its path; `name` is what the console will call it. Its bytes are read when its turn comes. */
export type FoundFile = { path: string; name: string };
export type Chosen = {
  csv: string;
  files: FoundFile[];
  /** Files whose name an earlier one has, in whatever case: one of them would hide the other. */
  doubles: FoundFile[];
  /** How many files in the folders are neither PDFs nor the CSV. */
  ignored: number;
};

/** What was asked for cannot be done as it was asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const CSV = /\.(csv|tsv|txt)$/i;
/** What operating systems and editors leave in folders; nobody meant to push it. */
const SYSTEM_NAME = /^(\.|~\$|__MACOSX$|thumbs\.db$|desktop\.ini$)/i;

/**
 * Opens folders, with the folders inside. A CSV that is named wins over those in folders.
 * Throws a UsageError when a path leads nowhere, and when there is no CSV, or more than one.
 */
export async function chooseFiles(paths: readonly string[]): Promise<Chosen> {
  const named: string[] = [];
  const inFolders: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${path} cannot be read (${error.code}).`);
    });
    if (found.isDirectory()) inFolders.push(...(await filesIn(path)));
    else if (CSV.test(path) || isPdf(path)) named.push(path);
    else throw new UsageError(`${path} is neither a CSV nor a PDF.`);
  }
  const namedCsvs = named.filter((path) => CSV.test(path));
  const csvs = namedCsvs.length > 0 ? namedCsvs : inFolders.filter((path) => CSV.test(path));
  const [csv, second] = csvs;
  if (csv === undefined) throw new UsageError('There is no CSV.');
  if (second !== undefined) {
    throw new UsageError(`There is more than one CSV: ${csv} and ${second}. Name the one.`);
  }
  const pdfs = [...named, ...inFolders].filter(isPdf);
  const byName = Map.groupBy(
    pdfs.map((path) => ({ path, name: basename(path).normalize('NFC') })),
    ({ name }) => name.toLowerCase(),
  );
  const groups = [...byName.values()];
  return {
    csv,
    files: groups.flatMap((group) => group.slice(0, 1)),
    doubles: groups.flatMap((group) => group.slice(1)),
    ignored: inFolders.filter((path) => !isPdf(path) && path !== csv).length,
  };
}

const isPdf = (path: string) => extname(path).toLowerCase() === '.pdf';

/** Every file below a folder, in the order of their names. A link to a folder is not followed: it may lead back. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (SYSTEM_NAME.test(entry.name)) continue;
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else files.push(path);
  }
  return files;
}
