/** Loads a demo supplier the way its people would: through the staff's API, import by import. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrgSettings } from '../../worker/domain/org.ts';
import type { ReviewBody } from '../../worker/domain/review.ts';
import { createOrg, type OwnerSql } from '../local/create-org.ts';
import type { DemoImport, DemoOrg } from './index.ts';
import { type StaffApi, staffApi } from './staff-api.ts';

const UPLOADS_AT_ONCE = 4;
const PREPARING_MS = 300;
/** As many as one request may tick. */
const TICKS_AT_ONCE = 1000;

type Review = ReviewBody & { nextCursor: string | null };

export type LoadOptions = {
  /** The owner's connection: an org begins there, before it has anyone to ask. */
  sql: OwnerSql;
  /** The console's origin. */
  origin: string;
  /** The Access token of one of the demo's people. */
  token(email: string): Promise<string>;
  fetch?: typeof fetch;
};

/**
 * Makes the org with its settings and members, stages each import with its files, and approves those
 * that are to be. Throws an Error when anything is refused, or when an import that is to be approved
 * has a blocked item. Gives how many files were uploaded.
 */
export async function loadOrg(org: DemoOrg, options: LoadOptions): Promise<{ files: number }> {
  const person = (role: DemoOrg['members'][number]['role']) => {
    const found = org.members.find((member) => member.role === role);
    if (found === undefined) throw new Error(`The demo's ${org.name} has no ${role}.`);
    return found;
  };
  const apiOf = async (email: string): Promise<StaffApi> =>
    staffApi({ ...options, org: org.slug, token: await options.token(email) });
  const founder = person('owner');
  const { slug, code, name, timeZone } = org;
  await createOrg(options.sql, { slug, code, name, timeZone, owner: founder });

  const owner = await apiOf(founder.email);
  await setUp(org, owner);
  const clerk = await apiOf(person('clerk').email);
  const approver = await apiOf(person('approver').email);
  for (const one of org.imports) {
    const publish = await stageImport(one, clerk);
    if (one.approve) await approve(publish, approver);
  }
  return { files: org.imports.reduce((total, one) => total + one.files.length, 0) };
}

async function setUp(org: DemoOrg, owner: StaffApi): Promise<void> {
  const { colour, contactEmail, contactPhone, hours, address, logo } = org.brand;
  const { hasLogo: _, ...settings } = await owner.get<OrgSettings>('settings');
  const brand = { colour, contactEmail, contactPhone, contactHours: hours, address };
  // What has no file is drawn, so that every order of the demo has its paper.
  const drawn = { drawsConfirmations: true, drawsInvoiceCopies: true, sendsStatements: true };
  const paymentLink =
    'https://pay.example.com/{customer_code}?invoice={invoice_number}&amount={balance}&currency={currency}';
  await owner.send('PUT', 'settings', { ...settings, ...brand, ...drawn, paymentLink });
  await owner.upload('PUT', 'settings/logo', logo.contentType, logo.bytes);
  for (const { email, name, role } of org.members) {
    if (role !== 'owner') await owner.send('POST', 'members', { email, name, role });
  }
  const { name, clientId } = org.service;
  await owner.send('POST', 'members', { serviceName: clientId, name, role: 'clerk' });
}

async function stageImport(one: DemoImport, clerk: StaffApi): Promise<string> {
  const { id: publishId } = await clerk.send<{ id: string }>('POST', 'publishes', {
    name: one.title,
  });
  await clerk.importCsv(publishId, one.name, one.csv);
  const waiting = [...one.files];
  const uploadAll = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const path = `publishes/${publishId}/files/${encodeURIComponent(file.name)}`;
      await clerk.upload('PUT', path, 'application/pdf', await file.draw());
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, uploadAll));
  return publishId;
}

async function approve(publish: string, approver: StaffApi): Promise<void> {
  const path = `publishes/${publish}`;
  const first = await approver.get<Review>(`${path}/review?show=problems`);
  if (first.totals.blocked > 0) {
    const blocked = first.items.filter((item) => item.blocked).slice(0, 5);
    const told = blocked.map(({ kind, key, problems }) => ({ kind, key, problems }));
    throw new Error(
      `The demo's import has ${first.totals.blocked} blocked items: ${JSON.stringify(told)}`,
    );
  }
  const ticks = await waitingTicks(path, approver);
  for (let from = 0; from < ticks.length; from += TICKS_AT_ONCE) {
    const items = ticks.slice(from, from + TICKS_AT_ONCE);
    await approver.send('PUT', `${path}/ticks`, { items, ticked: true });
  }
  // The hash covers the ticks: what is signed is the review as it is now.
  const { hash, totals } = await preparedReview(path, approver);
  if (totals.awaitingTick > 0) {
    throw new Error(`The demo's import still awaits ${totals.awaitingTick} ticks.`);
  }
  await approver.send('POST', `${path}/approval`, { reviewHash: hash });
}

/** The review once its renditions are made: each look sets the making going. */
async function preparedReview(path: string, approver: StaffApi): Promise<Review> {
  for (;;) {
    const review = await approver.get<Review>(`${path}/review`);
    if (review.preparing === 0) return review;
    await sleep(PREPARING_MS);
  }
}

async function waitingTicks(path: string, approver: StaffApi) {
  const ticks: { kind: string; key: string; sha256: string | null }[] = [];
  let cursor: string | null = '0';
  while (cursor !== null) {
    const page: Review = await approver.get(`${path}/review?show=ticks&cursor=${cursor}`);
    for (const { kind, key, file, needsTick, ticked } of page.items) {
      if (needsTick && !ticked) ticks.push({ kind, key, sha256: file?.sha256 ?? null });
    }
    cursor = page.nextCursor;
  }
  return ticks;
}
