/** Debian's PDF tools, over files in a directory of the run's own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'papers-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
let files = 0;

/** Where the bytes lie from now on. */
export function kept(bytes: Uint8Array, extension = 'pdf'): string {
  files += 1;
  const path = join(directory, `${files}.${extension}`);
  writeFileSync(path, bytes);
  return path;
}

/** What a tool prints; what it complains of is thrown. */
export function run(tool: string, ...options: string[]): Buffer {
  return execFileSync(tool, options, { maxBuffer: 1 << 28, stdio: 'pipe' });
}

/** The file as qpdf writes it with the given options. */
export function qpdf(bytes: Uint8Array, ...options: string[]): Uint8Array {
  const out = kept(new Uint8Array());
  run('qpdf', '--deterministic-id', ...options, kept(bytes), out);
  return new Uint8Array(readFileSync(out));
}

/** The text of each page. */
export function textOf(bytes: Uint8Array): string[] {
  return run('pdftotext', '-layout', kept(bytes), '-').toString().split('\f').slice(0, -1);
}

/** A page in grey, row by row from the top. */
export type Picture = { width: number; height: number; pixels: Uint8Array };

/** Each page as it is viewed, at some dots to the inch. */
export function picturesOf(bytes: Uint8Array, dots: number): Picture[] {
  const all = run('pdftoppm', '-r', String(dots), '-cropbox', '-gray', kept(bytes));
  const pictures: Picture[] = [];
  for (let at = 0; at < all.length; ) {
    const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(all.toString('latin1', at, at + 40));
    if (!header) throw new Error('not a picture');
    const [width, height] = [Number(header[1]), Number(header[2])];
    const from = at + header[0].length;
    at = from + width * height;
    pictures.push({ width, height, pixels: new Uint8Array(all.subarray(from, at)) });
  }
  return pictures;
}
