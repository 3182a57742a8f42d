/** A carrier that says what a test tells it to, and remembers what it was asked. */
import type {
  Carrier,
  CarrierEvent,
  CarrierFailure,
  Tracked,
  WantedParcel,
} from '../carriers/carrier.ts';
import type { CarrierCode } from '../vocabulary.ts';

export type ToldCarrier = Carrier & {
  /** The numbers of each call. */
  calls: string[][];
  authorised: number;
  /** What it says of a number; what it does not know it has not found. */
  says: Map<string, Partial<Extract<Tracked, { found: true }>>>;
  /** What becomes of the next calls, before they are answered as usual. */
  failures: { reason: CarrierFailure; retryAfterSeconds?: number }[];
  /** All calls fail so, until it is taken back. */
  down: CarrierFailure | null;
  /** Runs while a call is under way. */
  meanwhile: ((wanted: readonly WantedParcel[]) => Promise<void>) | null;
};

/** Its numbers are letters and digits that begin with `T`. */
export function toldCarrier(
  code: CarrierCode,
  bounds: { batchSize?: number; callsPerHour?: number } = {},
): ToldCarrier {
  const carrier: ToldCarrier = {
    code,
    batchSize: bounds.batchSize ?? 30,
    callsPerHour: bounds.callsPerHour ?? 1000,
    calls: [],
    authorised: 0,
    says: new Map(),
    failures: [],
    down: null,
    meanwhile: null,
    normalise: (number) => (/^T[0-9A-Z]+$/.test(number) ? number : null),
    async authorise() {
      carrier.authorised += 1;
      const value = `secret-of-${code}-${carrier.authorised}`;
      return { ok: true, token: { value, expiresAt: Date.now() + 3_600_000 } };
    },
    async track(_token, wanted) {
      carrier.calls.push(wanted.map(({ number }) => number));
      await carrier.meanwhile?.(wanted);
      const failure = carrier.failures.shift() ?? (carrier.down && { reason: carrier.down });
      if (failure) return { ok: false, ...failure };
      return { ok: true, parcels: wanted.map(({ number }) => said(carrier, number)) };
    },
  };
  return carrier;
}

function said({ says }: ToldCarrier, number: string): Tracked {
  const told = says.get(number);
  if (told === undefined) return { number, found: false, reason: 'unknown_number' };
  return {
    number,
    found: true,
    uniqueId: null,
    events: [],
    current: { status: 'unknown', substatus: null },
    estimatedDelivery: null,
    deliveredAt: null,
    signedBy: null,
    ...told,
  };
}

/** A scan so many hours ago, to the second. */
export function scan(
  hoursAgo: number,
  status: CarrierEvent['status'],
  more: Partial<CarrierEvent> = {},
): CarrierEvent {
  const at = new Date(Date.now() - hoursAgo * 3_600_000).toISOString().replace(/\.\d+/, '');
  return { at, status, substatus: null, code: status, description: null, city: null, ...more };
}
