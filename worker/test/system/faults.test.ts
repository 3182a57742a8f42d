import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NeonFault } from '../../../scripts/local/neon.ts';
import {
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  signIn,
  stageRows,
} from '../cast.ts';
import { type Customer, openLink, postLanding, readingOf } from '../clients.ts';
import { fingerprintOf, settle } from '../rows-of.ts';
import { CONSOLE, PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'F1')], orderFiles('F1'));
  customer = await signIn(stack, org, 'ANNA');
  await settle(stack, [org.id]);
});
afterEach(() => {
  stack.database.fault = null;
});

type Refusal = { error: { code: string; message: string } };
/** Answered while the database still is not: the Worker has stopped waiting for it. */
async function timed<T>(request: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const answer = await request();
  expect(performance.now() - from).toBeLessThan(LATE_MS - 1_000);
  return answer;
}
/** Without the bucket: the bytes of an upload whose row was not made are collected in the night. */
async function rowsNow() {
  const { bucket: _, ...rows } = await fingerprintOf(stack, org.id);
  return rows;
}
/** Runs while the database is broken in one way, and mends it. */
async function during<T>(fault: NeonFault, request: () => Promise<T>): Promise<T> {
  stack.database.fault = fault;
  try {
    return await request();
  } finally {
    stack.database.fault = null;
  }
}
/** Far beyond the 3 s that the Worker waits, so that a slow machine is not taken for one that waits on. */
const LATE_MS = 15_000;
const GONE: NeonFault[] = [{ kind: 'down' }, { kind: 'reset' }, { kind: 'late', ms: LATE_MS }];

describe.each(GONE)('while the database is $kind', (fault) => {
  test('a program is told when to come again, and no more', async () => {
    const answer = await during(fault, () => timed(() => customer.me<Refusal>('orders')));
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(answer.headers.get('Retry-After')).toBe('30');
    expect(JSON.stringify(answer.body)).not.toMatch(/neon|fetch|abort|127\.0|postgres|\bat /i);
    expect((await customer.me('orders')).status).toBe(200);
  });

  test('a person is told so as a page, in their language', async () => {
    const page = await during(fault, () =>
      timed(() =>
        stack.fetch(`${PORTAL}/`, {
          headers: { Cookie: customer.cookie, 'Accept-Language': 'pl,en;q=0.5' },
        }),
      ),
    );
    expect(page.status).toBe(503);
    expect(page.headers.get('Retry-After')).toBe('30');
    const text = await page.text();
    expect(text).toContain('<html lang="pl"');
    expect(text).toContain('Prosimy spróbować ponownie za chwilę');
    expect(text).not.toMatch(/<script|SO-F1/);
  });

  test('a link is not opened, and a signed-out person is not told that they are', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    const opened = await during(fault, () => timed(() => postLanding(stack, url)));
    expect(opened.status).toBe(503);
    expect(opened.headers.get('Retry-After')).toBe('30');
    expect(opened.headers.getSetCookie()).toEqual([]);
    const remembered = customer.cookie.split('; ')[1] ?? '';
    const page = await during(fault, () =>
      timed(() => stack.fetch(`${PORTAL}/`, { headers: { Cookie: remembered } })),
    );
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('Please try again in a moment');
    expect((await (await openLink(stack, url)).me('orders')).status).toBe(200);
  });
});

describe('nothing is half done', () => {
  const down: NeonFault = { kind: 'down' };
  const cutOff: NeonFault = { kind: 'reset' };
  const failsAt = (match: string): NeonFault => ({ kind: 'error', match });
  const csv = 'customer_code,customer_name\nHALF,Half\n';

  test.each([
    ['is down', down, 503],
    ['is cut off', cutOff, 503],
    ['fails at its only change', failsAt('insert into staff.imports'), 500],
  ])('of an upload of a CSV whose database %s', async (_, fault, status) => {
    await settle(stack, [org.id]);
    const before = await rowsNow();
    const failed = await during(fault, () => org.clerk.importCsv(csv));
    expect(failed.status).toBe(status);
    expect(JSON.stringify(failed.body)).not.toMatch(/injected|XX000|staff\./);
    expect(await rowsNow()).toEqual(before);
    const again = await org.clerk.importCsv(csv);
    expect(again).toMatchObject({ status: 201, body: { import: { items: 1 } } });
  });

  test.each([
    ['is down', down, 503],
    ['is cut off', cutOff, 503],
    ['fails at the first change', failsAt('staff.stage_items'), 500],
    ['fails at the last change', failsAt('staff.finish_import'), 500],
    ['fails after the last change', failsAt('t.problem from staff.publish_items'), 500],
  ])('of a staging whose database %s', async (_, fault, status) => {
    const { body } = await org.clerk.upload(csv);
    const { id, detected } = body.import;
    await settle(stack, [org.id]);
    const before = await rowsNow();
    const failed = await during(fault, () => org.clerk.confirm(id, readingOf(detected)));
    expect(failed.status).toBe(status);
    expect(JSON.stringify(failed.body)).not.toMatch(/injected|XX000|staff\./);
    expect(await rowsNow()).toEqual(before);
    const again = await org.clerk.confirm(id, readingOf(detected));
    expect(again).toMatchObject({ status: 201, body: { import: { items: 1 } } });
  });

  test('of an import that is cut off between its check and its rows', async () => {
    await settle(stack, [org.id]);
    const before = await rowsNow();
    const encoder = new TextEncoder();
    const asked = stack.database.requests();
    let sent = 0;
    // The rows come once the check is through, and the database is gone by then.
    const body = new ReadableStream({
      async pull(controller) {
        if (sent === 0) {
          controller.enqueue(encoder.encode(csv));
        } else if (stack.database.requests() > asked) {
          stack.database.fault = { kind: 'reset' };
          controller.close();
        } else {
          await new Promise((resolve) => setImmediate(resolve));
          controller.enqueue(encoder.encode('HALF,Half\n'));
        }
        sent += 1;
      },
    });
    const response = await stack.fetch(`${CONSOLE}/api/admin/${org.slug}/imports?name=a.csv`, {
      method: 'POST',
      headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token, 'Content-Type': 'text/csv' },
      body,
      duplex: 'half',
    } as RequestInit);
    stack.database.fault = null;
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('30');
    expect(await rowsNow()).toEqual(before);
  });

  test('of an approval that fails in its middle', async () => {
    const publishId = await stageRows(org, [
      customerRow('HALF2', org),
      ...orderRows('HALF2', 'F2'),
    ]);
    const { body } = await org.approver.get<{ hash: string }>(`publishes/${publishId}/review`);
    const sign = () =>
      org.approver.post<{ alreadyApproved: boolean }>(`publishes/${publishId}/approval`, {
        reviewHash: body.hash,
      });
    await settle(stack, [org.id]);
    const before = await rowsNow();
    const failed = await during({ kind: 'error', match: 'staff.approve' }, sign);
    expect(failed.status).toBe(500);
    expect(await rowsNow()).toEqual(before);
    expect(await sign()).toMatchObject({ status: 200, body: { alreadyApproved: false } });
    expect(await sign()).toMatchObject({ status: 200, body: { alreadyApproved: true } });
  });

  test('of an upload whose name was not kept', async () => {
    const publishId = await stageRows(org, [customerRow('HALF3', org)]);
    const failed = await during({ kind: 'error', match: 'staff.staged_files' }, () =>
      org.clerk.uploadPdf(publishId, 'a.pdf', pdfOf('half')),
    );
    expect(failed.status).toBe(500);
    expect((await org.clerk.get(`publishes/${publishId}/files/a.pdf`)).status).toBe(404);
    const again = await org.clerk.uploadPdf(publishId, 'a.pdf', pdfOf('half'));
    expect(again).toMatchObject({ status: 201, body: { unchanged: false } });
    expect((await org.clerk.get(`publishes/${publishId}/files/a.pdf`)).status).toBe(200);
  });
});

describe('a document whose bytes are not what was approved', () => {
  const keyOf = async () => {
    const [row] = await stack.sql<{ id: string; key: string }>(
      "select id, org_id || '/' || object_sha256 as key from portal.documents where org_id = $1 and number = 'INV-F1'",
      [org.id],
    );
    return { id: row?.id ?? '', key: row?.key ?? '' };
  };

  test.each([
    ['gone', null],
    ['empty', ''],
    ['cut short', '%PDF-1.4'],
  ])('is not served: %s', async (_, bytes) => {
    const bucket = await stack.bucket();
    const { id, key } = await keyOf();
    const whole = await (await bucket.get(key))?.arrayBuffer();
    expect(whole?.byteLength).toBeGreaterThan(100);
    if (bytes === null) await bucket.delete(key);
    else await bucket.put(key, bytes);
    for (const method of ['GET', 'HEAD']) {
      const response = await customer.bytes(`documents/${id}`, method);
      expect(response.status).toBe(404);
      expect(response.headers.get('Content-Disposition')).toBeNull();
      if (method === 'GET') {
        expect(await response.json()).toMatchObject({ error: { code: 'document_unavailable' } });
      }
    }
    await bucket.put(key, whole ?? new ArrayBuffer(0));
    const again = await customer.bytes(`documents/${id}`);
    expect(again.status).toBe(200);
    expect((await again.arrayBuffer()).byteLength).toBe(whole?.byteLength);
  });
});

test('readiness says what does not answer, and liveness does not ask', async () => {
  const ready = await stack.fetch(`${PORTAL}/readyz`);
  expect(await ready.json()).toEqual({ status: 'ok', database: true, bucket: true });
  const down = await during({ kind: 'down' }, () => stack.fetch(`${PORTAL}/readyz`));
  expect(down.status).toBe(503);
  expect(down.headers.get('Retry-After')).toBe('30');
  expect(await down.json()).toEqual({ status: 'unavailable', database: false, bucket: true });
  const alive = await during({ kind: 'down' }, () => stack.fetch(`${PORTAL}/healthz`));
  expect(alive.status).toBe(200);
});
