/**
 * Delivers the outbox. The database says what is due; the first try of a letter mints its link and
 * freezes its body in one transaction, every later try repeats that body under the same key, so
 * that whatever fails in between, a letter arrives once.
 */
import { box, importBoxKey, unbox } from '../access/box.ts';
import { hashSecret, lastFour, mintToken, mintUnsubscribeKey } from '../access/tokens.ts';
import { asSystem, type Database } from '../database/context.ts';
import {
  type ClaimedLetter,
  claimLetters,
  freezeDeskLetter,
  freezeLetter,
  readNews,
  recordDeath,
  recordRetry,
  recordSent,
  releaseLetters,
} from '../domain/claimed-letter.ts';
import { type MailTally, recordRun, tally } from '../domain/mail-tally.ts';
import { AppError } from '../errors.ts';
import type { Letter, Mail, MailFailure } from '../mail.ts';
import { backOffSeconds } from './back-off.ts';
import {
  deskSchema,
  isDeskLetter,
  isOfNews,
  LINKS,
  landingQuery,
  paramsSchema,
  write,
  writeDeskLetter,
} from './write-letter.ts';

/**
 * A run starts no letter after this long. What hangs on a response gets 30 s of `waitUntil`; and
 * with the slowest provider and database behind the last letter, a run still ends within its lease.
 */
const RUN_SECONDS = 18;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a desk letter still has its reader: somebody who works there, or the org's own address. */
const isReadBySupplier = ({ template, memberName, recipient, contactEmail }: ClaimedLetter) =>
  memberName !== null || (template !== 'publish-rejected' && recipient === contactEmail);

export type DeliverMailPorts = {
  database: Database;
  mail: Mail;
  /** The Worker secret OUTBOX_KEY: 32 bytes in base64. */
  outboxKey: string;
  /** Where customers open links: `https://portal.example`, without a slash at the end. */
  portalOrigin: string;
  /** Where staff work: the console's, likewise. */
  adminOrigin: string;
  /** Ids and codes only: never a token or an address. */
  log(message: string, fields: Record<string, unknown>): void;
};

export type Delivered = { sent: number; retried: number; died: number };
type Outcome = keyof Delivered | 'lost';

/**
 * Sends what is due until nothing is, the provider asks for a pause, or the run's time is over.
 * Safe to run any number of times at once. A letter whose handling fails is put back and the next
 * one tried.
 *
 * @param now milliseconds; measures only how long this run takes
 * @throws AppError `unavailable` when the database does not answer: leases bring the letters back
 */
export async function deliverMail(
  ports: DeliverMailPorts,
  now: () => number = Date.now,
): Promise<Delivered> {
  const { database, outboxKey } = ports;
  const key = await importBoxKey(outboxKey);
  const startedAt = now();
  const counts: MailTally = new Map();
  const delivered = await deliverDue(ports, key, counts, now);
  if (counts.size > 0) {
    await asSystem(database, (db) => [recordRun(db, counts, now() - startedAt)] as const);
  }
  return delivered;
}

async function deliverDue(
  ports: DeliverMailPorts,
  key: CryptoKey,
  counts: MailTally,
  now: () => number,
): Promise<Delivered> {
  const { database } = ports;
  const deadline = now() + RUN_SECONDS * 1000;
  const delivered: Delivered = { sent: 0, retried: 0, died: 0 };

  while (now() < deadline) {
    const [claimed] = await asSystem(database, (db) => [claimLetters(db)] as const);
    if (claimed.rows.length === 0) break;
    for (const [index, letter] of claimed.rows.entries()) {
      const { outcome, pauseSeconds, failure } = await deliverOne(ports, key, letter);
      if (outcome !== 'lost') delivered[outcome] += 1;
      if (outcome === 'sent' || failure !== undefined) tally(counts, letter.orgId, failure ?? null);
      const rest = claimed.rows.slice(index + 1);
      if (pauseSeconds === undefined && now() < deadline) continue;
      if (rest.length > 0) {
        await asSystem(database, (db) => [releaseLetters(db, rest, pauseSeconds ?? 0)] as const);
      }
      return delivered;
    }
  }
  return delivered;
}

/** `failure`: why the provider did not take it. */
type Step = { outcome: Outcome; pauseSeconds?: number; failure?: MailFailure };

async function deliverOne(
  ports: DeliverMailPorts,
  key: CryptoKey,
  letter: ClaimedLetter,
): Promise<Step> {
  try {
    return await tryOnce(ports, key, letter);
  } catch (error) {
    if (error instanceof AppError && error.code === 'contact_not_allowed') {
      return die(ports, letter, 'contact_not_allowed');
    }
    // Without a database nothing can be put back; anything else must not hold up the other letters.
    if (error instanceof AppError && error.code === 'unavailable') throw error;
    const code = error instanceof AppError ? error.code : 'internal';
    ports.log('a letter could not be handled', { letter: letter.id, code, cause: nameOf(error) });
    return retry(ports, letter, `The letter could not be prepared (${code}).`, undefined);
  }
}

async function tryOnce(
  ports: DeliverMailPorts,
  key: CryptoKey,
  letter: ClaimedLetter,
): Promise<Step> {
  if (isDeskLetter(letter)) {
    if (!isReadBySupplier(letter)) return die(ports, letter, 'member_not_active');
  } else if (letter.access !== 'allowed') {
    return die(ports, letter, 'contact_not_allowed');
  } else if (letter.isMuted) {
    return die(ports, letter, 'mail_muted');
  }
  if (letter.isSuppressed) return die(ports, letter, 'address_suppressed');
  if (letter.isSpent) return die(ports, letter, 'It was tried for too long; send it again.');

  const frozen = await (isDeskLetter(letter) ? frozenDeskLetter : frozenLetter)(ports, key, letter);
  if (frozen === 'lost') return { outcome: 'lost' };
  if ('reason' in frozen) return die(ports, letter, frozen.reason);
  // The link names this body: staff who send a dead letter again send another one, under its own key.
  const result = await ports.mail.send(
    frozen.body,
    `${letter.id}/${frozen.linkId ?? letter.template}`,
  );

  switch (result.status) {
    case 'sent': {
      const { providerId } = result;
      const [recorded] = await asSystem(
        ports.database,
        (db) => [recordSent(db, letter, frozen.linkId, providerId)] as const,
      );
      return { outcome: recorded.rows.length > 0 ? 'sent' : 'lost' };
    }
    case 'retry':
      return {
        ...(await retry(ports, letter, result.reason, result.afterSeconds)),
        failure: result.code,
      };
    case 'dead':
      return { ...(await die(ports, letter, result.reason)), failure: result.code };
  }
}

/** `told`: each thing that a letter of news tells, as it was when it was written. */
type Kept = { body: Letter; linkId: string | null; told?: string[] | undefined };
type Frozen = Kept | { reason: string } | 'lost';

/** The body that an earlier try froze, else a new one, frozen now together with its new link. */
async function frozenLetter(
  { database, portalOrigin }: DeliverMailPorts,
  boxKey: CryptoKey,
  letter: ClaimedLetter,
): Promise<Frozen> {
  if (letter.sealedBody !== null && letter.linkId !== null) {
    const kept = await opened(boxKey, letter, letter.sealedBody, letter.linkId);
    if ('reason' in kept || kept.told === undefined) return kept;
    const still = new Set((await newsOf(database, letter)).map(asTold));
    // It is not written anew: nobody knows whether the first try arrived, and that would be a second mail.
    return kept.told.every((each) => still.has(each)) ? kept : { reason: 'withdrawn' };
  }
  const news = isOfNews(letter) ? await newsOf(database, letter) : null;
  if (news?.length === 0) return { reason: 'withdrawn' };
  const params = paramsSchema.safeParse({
    ...asObject(letter.params),
    ...(news !== null && { news }),
    template: letter.template,
  });
  if (!params.success) return { reason: `No letter can be written of this (${letter.template}).` };

  const { purpose, days } = LINKS[params.data.template];
  const token = mintToken(letter.orgCode);
  const expiresAt = new Date(Date.parse(letter.claimedAt) + days * DAY_MS);
  const url = `${portalOrigin}/customer/${token}${landingQuery(params.data)}`;
  const key = letter.topic === null ? null : mintUnsubscribeKey();
  const unsubscribeUrl = key === null ? null : `${portalOrigin}/unsubscribe/${key}`;
  const body = write(letter, params.data, { url, expiresAt, unsubscribeUrl });
  const link = {
    tokenHash: await hashSecret(token),
    last4: lastFour(token),
    label: params.data.template === 'access-link' ? (params.data.label ?? null) : null,
    purpose,
    expiresAt: expiresAt.toISOString(),
    unsubscribeHash: key === null ? null : await hashSecret(key),
    sealedBody: await box(
      boxKey,
      JSON.stringify(news === null ? body : { ...body, told: news.map(asTold) }),
      letter.id,
    ),
  };
  const [frozen] = await asSystem(database, (db) => [freezeLetter(db, letter, link)] as const);
  const linkId = frozen.rows[0]?.linkId;
  return linkId === undefined ? 'lost' : { body, linkId };
}

/** What a letter tells of by now; nothing when all of it is gone or hidden, and then there is no letter. */
async function newsOf(database: Database, letter: ClaimedLetter) {
  const [news] = await asSystem(database, (db) => [readNews(db, letter)] as const);
  return news.rows;
}

const asTold = (news: Record<string, unknown>) => JSON.stringify(news);

/** As {@link frozenLetter}, for a desk letter. */
async function frozenDeskLetter(
  { database, adminOrigin }: DeliverMailPorts,
  key: CryptoKey,
  letter: ClaimedLetter,
): Promise<Frozen> {
  if (letter.sealedBody !== null) {
    return opened(key, letter, letter.sealedBody, null);
  }
  const params = deskSchema.safeParse({ ...asObject(letter.params), template: letter.template });
  if (!params.success) return { reason: `No letter can be written of this (${letter.template}).` };

  const body = writeDeskLetter(letter, params.data, adminOrigin);
  const boxed = await box(key, JSON.stringify(body), letter.id);
  const [frozen] = await asSystem(database, (db) => [freezeDeskLetter(db, letter, boxed)] as const);
  return frozen.rows.length === 0 ? 'lost' : { body, linkId: null };
}

async function opened(
  key: CryptoKey,
  letter: ClaimedLetter,
  boxed: string,
  linkId: string | null,
): Promise<Kept | { reason: string }> {
  const text = await unbox(key, boxed, letter.id);
  if (text === null) return { reason: 'The letter was boxed with another key; send it again.' };
  // Sound: only this file boxes letters, and a box is authenticated.
  const { told, ...body } = JSON.parse(text) as Letter & { told?: string[] };
  return { body, linkId, told };
}

async function die({ database }: DeliverMailPorts, letter: ClaimedLetter, reason: string) {
  const [dead] = await asSystem(database, (db) => [recordDeath(db, letter, reason)] as const);
  return { outcome: dead.rows.length > 0 ? 'died' : 'lost' } satisfies Step;
}

async function retry(
  { database }: DeliverMailPorts,
  letter: ClaimedLetter,
  reason: string,
  askedSeconds: number | undefined,
): Promise<Step> {
  const seconds = backOffSeconds(letter.attempts, askedSeconds, Math.random());
  const [put] = await asSystem(
    database,
    (db) => [recordRetry(db, letter, reason, seconds)] as const,
  );
  const state = put.rows[0]?.state;
  const outcome = state === undefined ? 'lost' : state === 'dead' ? 'died' : 'retried';
  return askedSeconds === undefined ? { outcome } : { outcome, pauseSeconds: askedSeconds };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** What went wrong by its name alone: a message may hold parameters. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
