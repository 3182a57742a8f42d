/** Every screen of the console, with something on it, as everyone has to be able to use it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { CONSOLE_PATTERNS, type ConsolePattern } from '../../../web/admin/patterns.ts';
import {
  complaintsOf,
  DESK,
  expectReachable,
  expectSoundInBoth,
  goSettled,
  openBrowser,
  PHONE,
} from './browser.ts';
import { type Asked, OPENINGS, stageDoubtful, stageRejected } from './console-dialogs.ts';
import { picture } from './customer.ts';
import { apiOf, staffPage } from './staff.ts';

const run = inject('run');
const owner = apiOf(run, 'owner');
let browser: Browser;
let page: Page;
let complaints: string[];
let screens: Record<ConsolePattern | 'others', string[]>;
let raised: string[];
let asked: Asked;
let rejected: string;
const REASON = 'The prices are those of last year.';

beforeAll(async () => {
  browser = await openBrowser();
  const permissions = ['clipboard-read', 'clipboard-write'];
  page = await staffPage(run, await browser.newContext({ permissions }), 'Olga');
  complaints = complaintsOf(page);
  const taken = await takeDocument('LODZ-007');
  const { publishes } = await owner.get<{ publishes: { id: string; status: string }[] }>(
    'publishes',
  );
  const publishOf = (status: string) => {
    const found = publishes.find((each) => each.status === status);
    if (found === undefined) throw new Error(`The demo has no publish that is ${status}.`);
    return found.id;
  };
  const staged = publishOf('staged');
  const approved = publishOf('approved');
  const { customers } = await owner.get<{ customers: { id: string; code: string }[] }>('customers');
  const customer = customers.find(({ code }) => code === 'LODZ-007')?.id ?? '';
  raised = [await raiseAlert(), ...(await bounce(customer))];
  asked = { staged: await stageDoubtful(run), approved, customer, issue: taken.issue };
  rejected = await stageRejected(run, REASON);
  const { letters } = await owner.get<{ letters: { id: string }[] }>('outbox');
  screens = {
    '/admin/:org': ['acme'],
    '/admin/:org/publishes': ['acme/publishes'],
    '/admin/:org/publishes/new': ['acme/publishes/new', `acme/publishes/new?publish=${staged}`],
    '/admin/:org/publishes/:id': [staged, asked.staged, approved, rejected].map(
      (id) => `acme/publishes/${id}`,
    ),
    '/admin/:org/publishes/:id/exposure-report': [`acme/publishes/${approved}/exposure-report`],
    '/admin/:org/documents/:kind/:number': [`acme/documents/${taken.kind}/${taken.number}`],
    '/admin/:org/customers': ['acme/customers'],
    '/admin/:org/customers/:id': [`acme/customers/${customer}`],
    '/admin/:org/issues': ['acme/issues'],
    '/admin/:org/change-requests': ['acme/change-requests'],
    '/admin/:org/shipments': ['acme/shipments', `acme/shipments?customer=${customer}`],
    '/admin/:org/outbox': ['acme/outbox', 'acme/outbox?state=failed'],
    '/admin/:org/outbox/:id': [`acme/outbox/${letters[0]?.id}`],
    '/admin/:org/integrations': ['acme/integrations'],
    '/admin/:org/issues/:id': [`acme/issues/${taken.issue}`],
    '/admin/:org/feedback': ['acme/feedback'],
    '/admin/:org/exposures': ['acme/exposures'],
    '/admin/:org/exports': ['acme/exports'],
    '/admin/:org/trace': ['acme/trace'],
    '/admin/:org/trace/:reference': [`acme/trace/${taken.reference}`],
    '/admin/:org/alerts': ['acme/alerts'],
    '/admin/:org/audit': ['acme/audit'],
    '/admin/:org/settings': ['acme/settings'],
    others: ['?choose=1', 'acme/nothing'],
  };
});
afterAll(async () => {
  for (const each of raised) {
    await owner.send('PUT', `alerts/${each}`, { resolved: true });
  }
  await browser?.close();
});

/** A customer takes a document and reports an issue: a copy to trace, and visits to tell of. */
async function takeDocument(code: string) {
  const context = await browser.newContext();
  const visit = await context.newPage();
  await visit.goto(run.customerLinks[code] ?? '');
  await visit.locator('button[type=submit]').click();
  await visit.waitForURL(`${run.portal}/`);
  const me = `${run.portal}/api/portal/customer/me`;
  const listed = await (await visit.request.get(`${me}/documents`)).json();
  const { id, kind, number } = listed.documents[0];
  expect((await visit.request.get(`${me}/documents/${id}`)).status()).toBe(200);
  const { orders } = await (await visit.request.get(`${me}/orders`)).json();
  const reported = await visit.request.post(`${me}/orders/${orders[0].id}/report-issue`, {
    headers: { Origin: run.portal, 'Idempotency-Key': 'a-report-of-the-sweep' },
    data: {
      kind: 'damaged',
      description: 'Two boxes came wet.',
      lineNumbers: [],
      contactEmail: 'buyer@customer.example',
    },
  });
  const { issue } = await reported.json();
  const sent = await visit.request.post(`${me}/issues/${issue.id}/photos?name=box.png`, {
    headers: { Origin: run.portal, 'Content-Type': 'image/png' },
    data: await picture(visit, 'teal'),
  });
  expect(sent.status()).toBe(201);
  const wanted = await visit.request.post(`${me}/change-requests`, {
    headers: { Origin: run.portal, 'Idempotency-Key': 'a-change-of-the-sweep' },
    data: { kind: 'contact_details', fields: { phone: '+48 42 555 01 99' } },
  });
  expect(wanted.status()).toBe(201);
  await context.close();
  const { events } = await owner.get<{ events: { detail: { reference?: string } }[] }>(
    'audit?action=document.downloaded',
  );
  return { kind, number, issue: issue.id, reference: events[0]?.detail.reference ?? '' };
}

/** Nothing is lost in the demo: the alert alone, without what it is about. */
async function raiseAlert(): Promise<string> {
  neonConfig.fetchEndpoint = run.neon;
  const [row] = await neon(run.databaseUrl)`
    insert into staff.alerts (org_id, kind, subject, params)
    select o.id, 'document_missing', o.id::text,
           '{"kind": "invoice", "number": "INV-1", "customerCode": "LODZ-007", "fileName": "INV-1.pdf"}'
      from portal.orgs o where o.slug = 'acme' returning id`;
  return row?.id;
}

/** Somebody's mail comes back: an alert, an address that is written to no more, a letter that says so. */
async function bounce(customer: string): Promise<string[]> {
  neonConfig.fetchEndpoint = run.neon;
  const sql = neon(run.databaseUrl);
  const [letter] = await sql`
    insert into staff.outbox (org_id, event, recipient, contact_id, template, language, state, sent_at, fate, fate_at, fate_detail)
    select c.org_id, 'bounced', c.email, c.id, 'access-link', 'en', 'sent', now(), 'bounced', now(), 'No such mailbox.'
      from portal.contacts c where c.customer_id = ${customer} order by c.email limit 1
    returning id, org_id, recipient`;
  await sql`insert into staff.suppressions (org_id, email, reason, letter_id)
            values (${letter?.org_id}, ${letter?.recipient}, 'bounced', ${letter?.id})`;
  const params = { letter: letter?.id, template: 'access-link', recipient: letter?.recipient };
  const [row] = await sql`
    insert into staff.alerts (org_id, kind, subject, params)
    values (${letter?.org_id}, 'mail_bounced', 'of the sweep',
            ${JSON.stringify({ ...params, customer, customerName: 'Łódź', reason: 'No such mailbox.' })}::jsonb)
    returning id`;
  return [row?.id];
}

test('no screen of the console is left out', () => {
  const { others: _, ...visited } = screens;
  expect(Object.keys(visited).sort()).toEqual([...CONSOLE_PATTERNS].sort());
});

// Which window it is, is the styles' affair: what is loaded on a phone is a desk's once it is as wide.
test.each([...CONSOLE_PATTERNS, 'others'] as const)(
  '%s, on a phone and on a desk',
  async (pattern) => {
    for (const address of screens[pattern]) {
      await page.setViewportSize(PHONE);
      await goSettled(page, `${run.portal}/admin/${address}`);
      await page.locator('h1').waitFor();
      for (const viewport of [PHONE, DESK]) {
        await page.setViewportSize(viewport);
        await expectSoundInBoth(page);
        await expectReachable(page);
      }
    }
    expect(complaints.splice(0)).toEqual([]);
  },
);

test('a publish that was sent back says why', async () => {
  await goSettled(page, `${run.portal}/admin/acme/publishes/${rejected}`);
  await page.getByRole('blockquote').filter({ hasText: REASON }).waitFor();
  await page.getByText('Back Ltd').waitFor();
});

test('no dialog of the console is left out', () => {
  const folder = join(import.meta.dirname, '../../../web/admin/pages');
  const drawing = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.tsx') && /<(Form)?Dialog\b/.test(readFileSync(join(folder, name), 'utf8')),
  );
  const opened = new Set(Object.values(OPENINGS).map(({ file }) => file));
  expect([...opened].sort()).toEqual(drawing.sort());
});

test.each(Object.keys(OPENINGS))(
  'the dialog of %s opens and closes by keys, on a phone and on a desk',
  async (name) => {
    const { address, opener, within } = OPENINGS[name] ?? expect.unreachable();
    await page.setViewportSize(PHONE);
    await goSettled(page, `${run.portal}/admin/${address(asked)}`);
    await (await opener(page)).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await within?.(dialog);
    for (const viewport of [PHONE, DESK]) {
      await page.setViewportSize(viewport);
      await expectSoundInBoth(page);
      await expectReachable(page);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    // Whoever asked goes on from where they were.
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
    expect(complaints.splice(0)).toEqual([]);
  },
);
