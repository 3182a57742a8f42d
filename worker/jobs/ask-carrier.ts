/** Asks one carrier about some parcels: a few calls, some of them at once. Never throws for what a carrier does. */
import type {
  Carrier,
  CarrierFailure,
  CarrierToken,
  Tracked,
  WantedParcel,
} from '../carriers/carrier.ts';
import type { CallsMade, ClaimedParcel, KeptAnswer } from '../domain/claimed-parcel.ts';

/** Six connections may be open at once; carriers that take many parcels a call make one call at a time. */
const CALLS_AT_ONCE = 3;
/** In a row: whoever fails so often is left alone. */
const FAILURES_MAX = 5;
/** What a carrier that has too much, and does not say for how long, is given. */
const THROTTLED_SECONDS = 60;
/** What it says of itself, not of the parcels: they stay due. */
const NO_FAULT_OF_PARCELS: readonly CarrierFailure[] = [
  'bad_credentials',
  'bad_token',
  'throttled',
];

export type Asked = {
  answers: KeptAnswer[];
  /** Those that the carrier itself has answered for. */
  answeredParcels: ClaimedParcel[];
  /** Parcels that no answer is written of: there was no time, no token, or no patience. */
  unasked: ClaimedParcel[];
  made: CallsMade;
  failures: number;
  /** Null: the next call needs a new one. */
  token: CarrierToken | null;
  isTokenNew: boolean;
  /** The one that we had was refused before its time. */
  isTokenBad: boolean;
  /** The carrier is not to be asked again in this run. */
  isOver: boolean;
};

/**
 * @param bounds.calls that may be made at most
 * @param bounds.mayRenew a token that is refused may be given up for a new one: no failure yet
 */
export async function askAbout(
  carrier: Carrier,
  token: CarrierToken | null,
  claimed: readonly ClaimedParcel[],
  bounds: { calls: number; mayRenew: boolean; hasTime: () => boolean },
): Promise<Asked> {
  const asked: Asked = {
    answers: [],
    answeredParcels: [],
    unasked: [],
    made: { answered: 0, failed: 0, reason: null, retryAfterSeconds: null, calls: 0 },
    failures: 0,
    token,
    isTokenNew: false,
    isTokenBad: false,
    isOver: false,
  };
  const { parcels, bad, doubles } = sorted(carrier, claimed);
  asked.answers.push(
    ...bad.map(({ org, shipment }) => ({
      org,
      shipment,
      found: false as const,
      reason: 'bad_number' as const,
    })),
  );
  asked.unasked.push(...doubles);
  if (parcels.length > 0 && asked.token === null) {
    const given = await carrier.authorise();
    if (given.ok) {
      asked.token = given.token;
      asked.isTokenNew = true;
    } else {
      noteFailure(asked, given.reason, given.retryAfterSeconds);
      asked.isOver = true;
    }
  }
  const batches = inBatches(parcels, carrier.batchSize);
  const askOn = async () => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const mayAsk =
        asked.made.calls < bounds.calls && !asked.isOver && !asked.isTokenBad && bounds.hasTime();
      if (asked.token === null || !mayAsk) {
        asked.unasked.push(...batch.flatMap(({ claimed: each }) => each));
      } else {
        asked.made.calls += 1;
        await askOne(carrier, asked.token, batch, asked, bounds.mayRenew);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, askOn));
  if (asked.isTokenBad) asked.token = null;
  return asked;
}

/** One number, and every shipment that bears it. */
type Parcel = { wanted: WantedParcel; claimed: ClaimedParcel[] };

/**
 * Parcels by their numbers as the carrier writes them. The same number of two days is two parcels, which one
 * call could not tell apart: the second waits.
 */
function sorted(carrier: Carrier, claimed: readonly ClaimedParcel[]) {
  const parcels = new Map<string, Parcel>();
  const bad: ClaimedParcel[] = [];
  const doubles: ClaimedParcel[] = [];
  for (const each of claimed) {
    const number = carrier.normalise(each.number);
    if (number === null) {
      bad.push(each);
      continue;
    }
    const known = parcels.get(number);
    if (known === undefined) {
      const { shippedOn, uniqueId } = each;
      parcels.set(number, { wanted: { number, shippedOn, uniqueId }, claimed: [each] });
    } else if (known.wanted.shippedOn === each.shippedOn) {
      known.claimed.push(each);
    } else {
      doubles.push(each);
    }
  }
  return { parcels: [...parcels.values()], bad, doubles };
}

/**
 * As many as one call takes; of those that failed before, half as many each time, so that the one that spoils
 * a call is found and the others are told of.
 */
function inBatches(parcels: readonly Parcel[], size: number): Parcel[][] {
  const batches = new Map<number, Parcel[][]>();
  for (const parcel of parcels) {
    const failures = Math.max(...parcel.claimed.map((each) => each.failures));
    const room = Math.max(1, Math.floor(size / 2 ** failures));
    const alike = batches.get(room) ?? [];
    const last = alike.at(-1);
    if (last === undefined || last.length >= room) alike.push([parcel]);
    else last.push(parcel);
    batches.set(room, alike);
  }
  return [...batches.values()].flat();
}

async function askOne(
  carrier: Carrier,
  token: CarrierToken,
  batch: readonly Parcel[],
  asked: Asked,
  mayRenew: boolean,
) {
  const result = await carrier.track(
    token,
    batch.map(({ wanted }) => wanted),
  );
  const claimed = batch.flatMap((parcel) => parcel.claimed);
  if (!result.ok) {
    const { reason, retryAfterSeconds } = result;
    if (reason === 'bad_token') {
      asked.unasked.push(...claimed);
      // Of calls that were under way together, one says it for all.
      if (asked.isTokenBad) return;
      asked.isTokenBad = true;
      if (!mayRenew) {
        noteFailure(asked, reason, undefined);
        asked.isOver = true;
      }
      return;
    }
    noteFailure(
      asked,
      reason,
      reason === 'throttled' ? (retryAfterSeconds ?? THROTTLED_SECONDS) : retryAfterSeconds,
    );
    asked.isOver ||=
      reason === 'throttled' ||
      retryAfterSeconds !== undefined ||
      asked.made.failed >= FAILURES_MAX;
    if (NO_FAULT_OF_PARCELS.includes(reason)) asked.unasked.push(...claimed);
    else {
      asked.answers.push(
        ...claimed.map(({ org, shipment }) => ({ org, shipment, failed: reason })),
      );
    }
    return;
  }
  // Calls are under way together: an answer that comes after a refusal does not take that back.
  asked.made.answered += 1;
  asked.made.failed = 0;
  asked.made.reason = asked.isOver ? asked.made.reason : null;
  const told = new Map(result.parcels.map((parcel) => [parcel.number, parcel]));
  for (const { wanted, claimed: each } of batch) {
    const tracked = told.get(wanted.number);
    asked.answers.push(
      ...each.map(({ org, shipment }) =>
        tracked === undefined
          ? { org, shipment, failed: 'not_understood' as const }
          : { org, shipment, ...answerOf(tracked) },
      ),
    );
    if (tracked !== undefined) asked.answeredParcels.push(...each);
  }
}

/** @returns the answer without its number, and with its status where there is no event yet */
function answerOf(tracked: Tracked) {
  if (!tracked.found) return { found: false as const, reason: tracked.reason };
  const { number: _, current, ...told } = tracked;
  return { ...told, ...current };
}

function noteFailure(asked: Asked, reason: CarrierFailure, retryAfterSeconds: number | undefined) {
  asked.failures += 1;
  asked.made.failed += 1;
  asked.made.reason = reason;
  if (retryAfterSeconds !== undefined) {
    asked.made.retryAfterSeconds = Math.ceil(Math.max(retryAfterSeconds, 1));
  }
}
