/** What has happened to a parcel by a moment, in no carrier's words: the number says what is to happen. */
import type { CarrierCode } from '../../worker/vocabulary.ts';
import { type ReadNumber, readNumber, type Scenario } from './carrier-numbers.ts';

export const SCAN_KINDS = [
  'label',
  'picked_up',
  'departed',
  'arrived',
  'exception',
  'attempted',
  'held',
  'out',
  'delivered',
  'returned',
] as const;
export type ScanKind = (typeof SCAN_KINDS)[number];

export type Scan = {
  /** In milliseconds since 1970. */
  at: number;
  kind: ScanKind;
  city: string;
};

export type LocalParcel = {
  number: string;
  /** The carrier's own key. */
  uniqueId: string;
  /** YYYY-MM-DD. */
  shippedOn: string;
  /** As the carrier tells them: newest first, but for the disordered. */
  scans: Scan[];
  /** The newest one. */
  last: Scan;
  /** YYYY-MM-DD; null once there is nothing to expect. */
  estimated: string | null;
  isLate: boolean;
  receivedBy: string | null;
  isZoneless: boolean;
  isGarbled: boolean;
};

/** What goes wrong with a whole call. */
export type CarrierFault =
  | { status: number; retryAfter?: number }
  | 'html'
  | 'huge'
  /** No answer, ever. */
  | 'hang'
  /** The connection is cut. */
  | 'drop';

export type Looked =
  | { found: true; parcels: LocalParcel[] }
  | { found: false; reason: 'not_found' | 'bad_number' };

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const REUSED_DAYS = 730;
/** When the late one was to arrive, and from when on it is said to be late: some hours after its latest scan. */
const PLANNED_DAYS = 3;
const LATE_SAID_HOURS = 2 * DAY_HOURS + 12;
const FROM = 'Milwaukee';
const HUB = 'Chicago';

const FAULTS: Partial<Record<Scenario, CarrierFault>> = {
  badToken: { status: 401 },
  throttled: { status: 429, retryAfter: 120 },
  broken: { status: 500 },
  closed: { status: 503, retryAfter: 60 },
  html: 'html',
  huge: 'huge',
  hangs: 'hang',
};

/** What this number does to a call that asks about it. */
export function faultOf(carrier: CarrierCode, number: string): CarrierFault | null {
  const read = readNumber(carrier, number);
  return read === null || read === 'foreign' ? null : (FAULTS[read.scenario] ?? null);
}

/** What a carrier knows of a number at a moment. */
export function look(carrier: CarrierCode, number: string, now: number): Looked {
  const read = readNumber(carrier, number);
  if (read === 'foreign' || read?.scenario === 'badNumber') {
    return { found: false, reason: 'bad_number' };
  }
  if (read === null || read.scenario === 'notFound' || read.scenario === 'wrongCarrier') {
    return { found: false, reason: 'not_found' };
  }
  const before: ReadNumber = {
    ...read,
    scenario: 'arrives',
    dayAt: read.dayAt - REUSED_DAYS * DAY_HOURS * HOUR_MS,
  };
  const lives = read.scenario === 'reused' ? [before, read] : [read];
  const parcels = lives.flatMap((life, place) => {
    const parcel = parcelAt(number, life, now);
    return parcel ? [{ ...parcel, uniqueId: `${life.dayAt}~${number}~${place}` }] : [];
  });
  return parcels.length > 0 ? { found: true, parcels } : { found: false, reason: 'not_found' };
}

function parcelAt(number: string, read: ReadNumber, now: number): LocalParcel | null {
  const planned = journey(read).map(
    ([hours, kind, city]): Scan => ({ at: read.dayAt + hours * HOUR_MS, kind, city }),
  );
  const past = planned.filter(({ at }) => at <= now).reverse();
  const [last] = past;
  // Its label is not printed yet.
  if (last === undefined) return null;
  const { scenario } = read;
  const isLate = scenario === 'late' && now >= read.dayAt + LATE_SAID_HOURS * HOUR_MS;
  const days = scenario === 'late' && !isLate ? PLANNED_DAYS : read.days;
  const scans = scenario === 'future' ? [ahead(read), ...past] : past;
  const expected = new Date(read.dayAt + days * DAY_HOURS * HOUR_MS);
  const isOver = past.some(({ kind }) => kind === 'delivered' || kind === 'returned');
  return {
    number,
    uniqueId: '',
    shippedOn: new Date(read.dayAt).toISOString().slice(0, 10),
    scans: scenario === 'disordered' ? disordered(scans) : scans,
    last,
    estimated: isOver || scenario === 'label' ? null : expected.toISOString().slice(0, 10),
    isLate,
    receivedBy: last.kind === 'delivered' ? 'J. Receiver' : null,
    isZoneless: scenario === 'zoneless',
    isGarbled: scenario === 'garbled',
  };
}

type Step = [hours: number, kind: ScanKind, city: string];

/** What is to happen, in hours from the midnight of the label's day, oldest first. */
function journey({ scenario, days, to }: ReadNumber): Step[] {
  const on = (day: number, hour: number) => day * DAY_HOURS + hour;
  const label: Step[] = [[9, 'label', FROM]];
  const sent: Step[] = [
    ...label,
    [17, 'picked_up', FROM],
    [22, 'departed', FROM],
    [on(1, 4), 'arrived', HUB],
  ];
  const out: Step = [on(days, 8), 'out', to];
  const near: Step[] =
    days > 1
      ? [
          [on(1, 10), 'departed', HUB],
          [on(days, 5), 'arrived', to],
        ]
      : [];
  const trouble: Step = [on(1, 15), 'exception', HUB];
  const delivered: Step = [on(days, 14), 'delivered', to];
  if (scenario === 'label') return label;
  if (scenario === 'travels') return sent;
  if (scenario === 'stuck') return [...sent, [on(4, 15), 'exception', HUB]];
  if (scenario === 'returned') {
    // Its way back is told in the words of any way: on its way, and delivered, to the sender.
    const back: Step[] = [
      [on(3, 14), 'returned', HUB],
      [on(4, 6), 'arrived', FROM],
      [on(4, 14), 'delivered', FROM],
    ];
    return [...sent, trouble, ...back];
  }
  const arrived: Step[] = [...sent, ...near];
  if (scenario === 'goesOut') return [...arrived, out];
  if (scenario === 'held') return [...arrived, [on(days, 9), 'held', to]];
  if (scenario === 'attempted') {
    return [
      ...arrived,
      out,
      [on(days, 12), 'attempted', to],
      [on(days + 1, 8), 'out', to],
      [on(days + 1, 14), 'delivered', to],
    ];
  }
  const way = scenario === 'troubled' ? [...sent, trouble, ...near] : arrived;
  return [...way.toSorted(([a], [b]) => a - b), out, delivered];
}

function ahead({ dayAt, to }: ReadNumber): Scan {
  return { at: dayAt + 400 * DAY_HOURS * HOUR_MS, kind: 'arrived', city: to };
}

/** Each event twice, the second time in other letters, the oldest in the middle. */
function disordered(scans: readonly Scan[]): Scan[] {
  const again = scans.map((scan) => ({ ...scan, city: scan.city.toUpperCase() }));
  return [...again.reverse(), ...scans];
}
