/** Parts of a stamped copy: whichever way it is cut, it is the stored copy with this stamp in its slot. */
import { beforeAll, describe, expect, test } from 'vitest';
import { customerRow, makeOrg, type Org, orderFiles, orderRows, publish, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { referenceOf, type StoredDocument, stampOn, storedDocument } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
let invoice: StoredDocument;
let stored: Buffer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('A', org), ...orderRows('A', 'R')], orderFiles('R'));
  customer = await signIn(stack, org, 'A');
  invoice = await storedDocument(stack, org, 'INV-R');
  const object = await (await stack.bucket()).get(invoice.key);
  stored = Buffer.from((await object?.arrayBuffer()) ?? new ArrayBuffer(0));
});

const ask = (headers: Record<string, string> = {}) =>
  customer.bytes(`documents/${invoice.id}`, 'GET', headers);

/** The copy of a reference, put together here from what is stored and what the trail knows of it. */
async function copyOf(reference: string | null): Promise<Buffer> {
  const [row] = await stack.sql<{ text: string }>(
    `select to_char(s.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC  link ' || l.last4 || '  ref ' || s.reference as text
       from staff.stamps s join staff.access_links l on l.id = s.link_id where s.reference = $1`,
    [reference],
  );
  const { slotOffset: offset, slotLength: length } = invoice;
  return Buffer.concat([
    stored.subarray(0, offset),
    Buffer.from((row?.text ?? '').padEnd(length)),
    stored.subarray(offset + length),
  ]);
}

describe('a range', () => {
  const slot = () => invoice.slotOffset;
  const size = () => invoice.size;
  // From and to as RFC 9110 counts them: both included.
  const ranges: [what: string, range: () => [string, first: number, last: number]][] = [
    ['of the first byte', () => ['bytes=0-0', 0, 0]],
    ['of the beginning', () => ['bytes=0-499', 0, 499]],
    ['up to the slot', () => [`bytes=0-${slot() - 1}`, 0, slot() - 1]],
    ['into the slot', () => [`bytes=5-${slot() + 9}`, 5, slot() + 9]],
    ['of the slot alone', () => [`bytes=${slot()}-${slot() + 63}`, slot(), slot() + 63]],
    ['within the slot', () => [`bytes=${slot() + 7}-${slot() + 12}`, slot() + 7, slot() + 12]],
    ['across the slot', () => [`bytes=${slot() - 9}-${slot() + 99}`, slot() - 9, slot() + 99]],
    ['out of the slot', () => [`bytes=${slot() + 60}-`, slot() + 60, size() - 1]],
    ['behind the slot', () => [`bytes=${slot() + 64}-`, slot() + 64, size() - 1]],
    ['of the last byte', () => ['bytes=-1', size() - 1, size() - 1]],
    ['of the last bytes', () => ['bytes=-300', size() - 300, size() - 1]],
    ['of more last bytes than there are', () => [`bytes=-${size() * 2}`, 0, size() - 1]],
    ['with an open end', () => ['bytes=100-', 100, size() - 1]],
    ['beyond its end', () => [`bytes=10-${size() * 2}`, 10, size() - 1]],
    ['of everything', () => [`bytes=0-${size() - 1}`, 0, size() - 1]],
    ['in capitals, with spaces', () => ['BYTES= 10-20 ', 10, 20]],
  ];
  test.each(ranges)('%s', async (_, range) => {
    const [header, first, last] = range();
    const answer = await ask({ Range: header });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${first}-${last}/${invoice.size}`);
    expect(answer.headers.get('Content-Length')).toBe(String(last - first + 1));
    expect(answer.headers.get('Content-Type')).toBe('application/pdf');
    const whole = await copyOf(referenceOf(answer));
    expect(whole).toHaveLength(invoice.size);
    expect(bytes.equals(whole.subarray(first, last + 1))).toBe(true);
  });

  test.each([1000, 997, 64])(
    'after range of %i bytes makes the whole, with one stamp',
    async (step) => {
      const parts: Buffer[] = [];
      const references = new Set<string | null>();
      // Small steps around the slot, large ones where nothing is to be seen.
      let from = 0;
      while (from < invoice.size) {
        const isNear = Math.abs(from - invoice.slotOffset) < 2 * step;
        const to = Math.min(from + (isNear ? step : 20 * step), invoice.size);
        const answer = await ask({ Range: `bytes=${from}-${to - 1}` });
        expect(answer.status).toBe(206);
        references.add(referenceOf(answer));
        parts.push(Buffer.from(await answer.arrayBuffer()));
        from = to;
      }
      expect(references.size).toBe(1);
      const [reference = null] = references;
      const whole = Buffer.concat(parts);
      expect(whole.equals(await copyOf(reference))).toBe(true);
      expect((await stampOn(whole)).reference).toBe(reference);
    },
  );

  test('that begins where the file has ended is not satisfiable, and says how long it is', async () => {
    for (const range of [
      `bytes=${invoice.size}-`,
      `bytes=${invoice.size + 5}-99999999`,
      'bytes=-0',
    ]) {
      const answer = await ask({ Range: range });
      expect(answer.status).toBe(416);
      expect(answer.headers.get('Content-Range')).toBe(`bytes */${invoice.size}`);
      expect(answer.headers.get('Cache-Control')).toContain('no-store');
      expect((await answer.arrayBuffer()).byteLength).toBe(0);
    }
  });
});

describe('the whole is the answer', () => {
  test.each([
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=20-10',
    'bytes=1.5-9',
    'bytes 0-9',
    'lines=1-2',
    'bytes=0-9,20-29',
    'bytes=5-,-5',
    'bytes=--5',
    'junk',
  ])('to %s', async (range) => {
    const answer = await ask({ Range: range });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Range')).toBeNull();
    expect(answer.headers.get('Content-Length')).toBe(String(invoice.size));
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.equals(await copyOf(referenceOf(answer)))).toBe(true);
  });

  test('to a range of another copy than this one, and the range to one of this', async () => {
    const first = await ask();
    const etag = first.headers.get('ETag') ?? '';
    await first.body?.cancel();
    const statusFor = async (ifRange: string) => {
      const answer = await ask({ Range: 'bytes=3-', 'If-Range': ifRange });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const whole = await copyOf(referenceOf(answer));
      expect(bytes.equals(answer.status === 206 ? whole.subarray(3) : whole)).toBe(true);
      return answer.status;
    };
    expect(await statusFor(etag)).toBe(206);
    // A weak one says that the bytes may differ; a date says nothing of a copy.
    const others = [`W/${etag}`, '"x"', etag.replaceAll('"', ''), new Date().toUTCString()];
    for (const other of others) {
      expect([other, await statusFor(other)]).toEqual([other, 200]);
    }
  });
});
