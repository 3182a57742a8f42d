/**
 * What a carrier's adapter is: the whole interface. An adapter speaks one vendor's protocol and gives
 * everything in these words; it keeps nothing, knows no database, and never throws for what a vendor does.
 *
 * To add a carrier:
 *  1. its code and its name in CARRIERS and CARRIER_NAMES of the vocabulary;
 *  2. its file here, which exports its {@link CarrierKind}, with a table of its codes beside it (codes.ts);
 *  3. its place in list.ts: what else has to know it is held there by types;
 *  4. its names in `staff.carrier_of`, by a migration: a test holds them together with those of its file;
 *  5. its settings in the README, and its service among the local carriers (scripts/local), against which
 *     adapters.test.ts runs every adapter.
 */
import type { CarrierCode, ShipmentStatus, ShipmentSubstatus } from '../vocabulary.ts';

/** A parcel to ask about. */
export type WantedParcel = {
  /** As {@link CarrierKind.normalise} gave it. */
  number: string;
  /** YYYY-MM-DD. Numbers are used again: a parcel of another time is not this one. */
  shippedOn: string | null;
  /** The carrier's own key for the parcel, from an earlier answer. */
  uniqueId: string | null;
};

export type CarrierStatus = { status: ShipmentStatus; substatus: ShipmentSubstatus | null };

/** One scan, in our words beside the carrier's. */
export type CarrierEvent = CarrierStatus & {
  /** RFC 3339 in UTC. */
  at: string;
  /** The carrier's own code. */
  code: string;
  /** In the carrier's own words, in English. */
  description: string | null;
  city: string | null;
};

/** What the carrier says of one parcel that was asked about. */
export type Tracked = { number: string } & (
  | {
      found: true;
      uniqueId: string | null;
      /** In any order, each once. */
      events: CarrierEvent[];
      /** Counts where there is no event yet, such as for a label that was only printed. */
      current: CarrierStatus;
      /** YYYY-MM-DD. */
      estimatedDelivery: string | null;
      /** RFC 3339 in UTC. */
      deliveredAt: string | null;
      signedBy: string | null;
    }
  | {
      found: false;
      /** `unknown_number`: not (yet) known, or nothing readable was said of it; `bad_number`: it never will be. */
      reason: 'unknown_number' | 'bad_number';
    }
);

/** Why a call came to nothing; words for them are in the console's. */
export const CARRIER_FAILURES = [
  'bad_credentials',
  'bad_token',
  'throttled',
  'unavailable',
  'timed_out',
  'too_large',
  'not_understood',
  'refused',
] as const;
export type CarrierFailure = (typeof CARRIER_FAILURES)[number];

/** `retryAfterSeconds`: when the carrier says so itself. */
export type Failed = { ok: false; reason: CarrierFailure; retryAfterSeconds?: number };

/** An OAuth token and until when it is good, in milliseconds since 1970. */
export type CarrierToken = { value: string; expiresAt: number };

/** Our account with a carrier, and where its service is. */
export type CarrierAccount = {
  clientId: string;
  clientSecret: string;
  /** Without a slash at its end; may have a path. */
  baseUrl: string;
  callsPerHour: number;
  /** For tests that wait for a timeout. */
  timeoutMs?: number;
};

/** What there is to know of a carrier without an account: all that is its own, in its file. */
export type CarrierKind = {
  code: CarrierCode;
  /** What suppliers call it, in words of lower case; a service may follow, as in "FedEx Ground". */
  names: readonly string[];
  /** Its own page for anybody; the number is put into the parameter. */
  page: { address: string; parameter: string };
  /** Where its service is, and the calls that it allows an account in an hour, unless the settings say otherwise. */
  service: { address: string; callsPerHour: number };
  /** The number as this carrier writes it (no spaces, capitals); null for what cannot be one of its. */
  normalise(number: string): string | null;
  /** Whether a number that is so written has the check digit that it should; true where that is not known. */
  isChecked(number: string): boolean;
  open(account: CarrierAccount): Carrier;
};

/** A carrier that can be asked. */
export type Carrier = {
  code: CarrierCode;
  /** Parcels that one call may ask about. */
  batchSize: number;
  /** Calls that we may make in an hour; tokens are not counted. */
  callsPerHour: number;
  /** As its {@link CarrierKind} does. */
  normalise(number: string): string | null;
  authorise(): Promise<{ ok: true; token: CarrierToken } | Failed>;
  /**
   * Asks about at most {@link Carrier.batchSize} parcels in one call; an answer for each. `bad_token`: the
   * token is good no more, whatever it said; authorise and ask again.
   */
  track(
    token: CarrierToken,
    wanted: readonly WantedParcel[],
  ): Promise<{ ok: true; parcels: Tracked[] } | Failed>;
};
