/** What the local carriers count: calls by the hour of their clock, and what is over a vendor's limits. */
import { CARRIERS, type CarrierCode } from '../../worker/vocabulary.ts';
import type { CarrierService } from './carrier-service.ts';

export type CountedHour = {
  /** When it began, RFC 3339 in UTC. */
  hour: string;
  /** Calls about parcels, whatever became of them. */
  calls: number;
  /** Parcels that were asked about in calls that were answered. */
  parcels: number;
  /** Tokens that were given. */
  tokens: number;
  /** Calls over a limit, or with too many parcels. */
  overruns: number;
};
export type CountedCalls = Record<CarrierCode, CountedHour[]>;

export type CallCounter = {
  add(code: CarrierCode, what: Partial<Omit<CountedHour, 'hour'>>): void;
  /** Takes a call from the limits of a service; seconds until there is room again when there is none. */
  take(service: CarrierService): number;
  /** Oldest first; hours without a call are not there. */
  hours(): CountedCalls;
  /** Answered calls that asked about a number. */
  asked(code: CarrierCode, number: string): number;
  noteAsked(code: CarrierCode, numbers: readonly string[]): void;
  clear(): void;
};

const HOUR_MS = 3_600_000;

/** `now`: the carriers' clock, in milliseconds since 1970. */
export function countCalls(now: () => number): CallCounter {
  const hours = new Map<string, CountedHour>();
  const windows = new Map<string, number>();
  const numbers = new Map<string, number>();

  function add(code: CarrierCode, what: Partial<Omit<CountedHour, 'hour'>>): void {
    const hour = new Date(Math.floor(now() / HOUR_MS) * HOUR_MS).toISOString();
    const key = `${code} ${hour}`;
    const one = hours.get(key) ?? { hour, calls: 0, parcels: 0, tokens: 0, overruns: 0 };
    hours.set(key, {
      hour,
      calls: one.calls + (what.calls ?? 0),
      parcels: one.parcels + (what.parcels ?? 0),
      tokens: one.tokens + (what.tokens ?? 0),
      overruns: one.overruns + (what.overruns ?? 0),
    });
  }

  return {
    add,
    take({ code, limits }) {
      const at = now() / 1000;
      const windowsOf = limits.map(({ calls, seconds }) => {
        const window = Math.floor(at / seconds);
        const key = `${code} ${seconds} ${window}`;
        const taken = (windows.get(key) ?? 0) + 1;
        windows.set(key, taken);
        return taken > calls ? Math.ceil((window + 1) * seconds - at) : 0;
      });
      return Math.max(0, ...windowsOf);
    },
    hours() {
      const of = (code: CarrierCode) =>
        [...hours]
          .filter(([key]) => key.startsWith(`${code} `))
          .map(([, one]) => one)
          .sort((a, b) => a.hour.localeCompare(b.hour));
      // Each carrier has its entry.
      return Object.fromEntries(CARRIERS.map((code) => [code, of(code)])) as CountedCalls;
    },
    asked: (code, number) => numbers.get(`${code} ${number}`) ?? 0,
    noteAsked(code, list) {
      for (const number of list) {
        const key = `${code} ${number}`;
        numbers.set(key, (numbers.get(key) ?? 0) + 1);
      }
    },
    clear() {
      hours.clear();
      windows.clear();
      numbers.clear();
    },
  };
}
