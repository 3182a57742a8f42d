/** Copies as a customer holds them: what a page says, and whose stamp it carries. */
import { unzipSync } from 'fflate';
import { extractText, getDocumentProxy } from 'unpdf';
import type { Org } from './cast.ts';
import type { Stack } from './stack.ts';

/** All that a reader sees on a copy's pages. @throws for bytes that are no PDF */
export async function textOf(copy: ArrayBuffer | Uint8Array): Promise<string> {
  // The reader takes the bytes that it is given, so it is given its own.
  const pdf = await getDocumentProxy(new Uint8Array(copy).slice());
  const { text } = await extractText(pdf, { mergePages: true });
  return text;
}

const STAMP =
  /(\d{4}-\d{2}-\d{2} \d{2}:\d{2}) UTC\s+link ([0-9A-Za-z]{4})\s+ref ([0-9A-F]{4}(?:-[0-9A-F]{4}){3})/;

/** The stamp that a page shows. @throws for a copy that shows none */
export async function stampOn(copy: ArrayBuffer | Uint8Array) {
  const [, minute = '', last4 = '', reference = ''] = STAMP.exec(await textOf(copy)) ?? [];
  if (reference === '') {
    throw new Error('no stamp on this copy');
  }
  return { minute, last4, reference };
}

/** The reference that an answer's ETag names, or null. */
export const referenceOf = (answer: Response): string | null =>
  /-([0-9A-F]{4}(?:-[0-9A-F]{4}){3})"$/.exec(answer.headers.get('ETag') ?? '')?.[1] ?? null;

export type StoredDocument = {
  id: string;
  served: string;
  /** Where the bytes are that it is served from. */
  key: string;
  size: number;
  slotOffset: number;
  slotLength: number;
};

/** A live document of an org, as it is stored. */
export async function storedDocument(
  stack: Stack,
  org: Org,
  number: string,
): Promise<StoredDocument> {
  const [row] = await stack.sql<Record<keyof StoredDocument, string>>(
    `select id, served, org_id || '/' || object_sha256 as key, object_size as size,
            slot_offset as "slotOffset", slot_length as "slotLength"
       from portal.documents where org_id = $1 and number = $2`,
    [org.id, number],
  );
  if (row === undefined) {
    throw new Error(`no live document ${number}`);
  }
  const [size, slotOffset, slotLength] = [row.size, row.slotOffset, row.slotLength].map(Number);
  return { ...row, size: size ?? 0, slotOffset: slotOffset ?? 0, slotLength: slotLength ?? 0 };
}

export type Taking = {
  action: string;
  detail: { reference: string; sha256?: string; unstamped?: string; zip?: boolean };
};

/** What the trail says was taken of one document, first to last. */
export async function takingsOf(stack: Stack, documentId: string): Promise<Taking[]> {
  return stack.sql<Taking>(
    `select action, detail from audit.events
      where subject_id = $1 and action in ('document.viewed', 'document.downloaded') order by at, id`,
    [documentId],
  );
}

export type Entry = { name: string; crc: number; size: number; bytes: Uint8Array };

/** What a ZIP's central directory says of its entries, in their order, and each one's bytes. */
export function entriesOf(zip: Uint8Array): Entry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  const files = unzipSync(zip);
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + length));
    const [crc, size] = [view.getUint32(at + 16, true), view.getUint32(at + 24, true)];
    entries.push({ name, crc, size, bytes: files[name] ?? new Uint8Array() });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}
