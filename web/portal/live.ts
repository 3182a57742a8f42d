/**
 * Keeps what an open page shows as it is by now: the Worker says over a WebSocket that something changed,
 * and the page asks for it as it would for anything. Without the socket, a person who comes back after a
 * while is shown what is new all the same.
 */
import { LIVE_PING, LIVE_PONG, LIVE_TOO_MANY } from '../../worker/vocabulary.ts';
import { apiUrl } from '../lib/api.ts';
import { refresh } from '../lib/resource.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const FIRST_PAUSE = SECOND;
const LONGEST_PAUSE = 5 * MINUTE;
const PING_EVERY = 45 * SECOND;
/** A page that is only switched away from for a moment stays connected. */
const KEPT_HIDDEN = 5 * MINUTE;
/** Changes in a shorter time without a connection are left to the next hint. */
const GAP_NOTICED = 10 * SECOND;
/** Nobody is there: a page that asks by itself would keep the session from ending. */
const IDLE = 20 * MINUTE;

const FIELD = 'input:not([type=checkbox],[type=radio],[type=file]),textarea,select';

/** How long to wait before a further try to connect: longer each time, and no two pages alike. Pure. */
export function pauseBefore(tries: number, chance: number): number {
  return Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE) * (0.5 + chance);
}

/**
 * How long after one refresh the next may be, by how many there were in the last hour: a link allows a
 * number of requests an hour, and they are first of all the person's own. Pure.
 */
export function restAfter(refreshes: number): number {
  if (refreshes < 10) return 2 * SECOND;
  return refreshes < 30 ? 30 * SECOND : 5 * MINUTE;
}

/** @param isOver whether the visit has ended: then nothing is asked for any more */
export function followUpdates(isOver: () => boolean): void {
  let socket: WebSocket | undefined;
  let tries = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let due: ReturnType<typeof setTimeout> | undefined;
  let isAnswered = true;
  let isStale = false;
  let lostAt = Number.POSITIVE_INFINITY;
  let touchedAt = Date.now();
  let refreshedAt: number[] = [];

  const isHere = () => !document.hidden && !isOver() && Date.now() - touchedAt < IDLE;

  /** Refreshes what is stale, unless nobody looks or somebody is writing: then once that has changed. */
  const look = () => {
    if (!isStale || due || !isHere() || document.activeElement?.matches(FIELD)) return;
    const hourAgo = Date.now() - 60 * MINUTE;
    refreshedAt = refreshedAt.filter((at) => at > hourAgo);
    const rested = Date.now() - (refreshedAt.at(-1) ?? 0);
    // Not all pages of a customer at the same moment.
    const wait = Math.max(restAfter(refreshedAt.length) - rested, Math.random() * 300);
    due = setTimeout(() => {
      due = undefined;
      if (!isHere() || document.activeElement?.matches(FIELD)) return;
      isStale = false;
      refreshedAt.push(Date.now());
      refresh();
    }, wait);
  };
  const changed = () => {
    isStale = true;
    look();
  };

  const connect = () => {
    clearTimeout(retry);
    retry = undefined;
    if (socket || document.hidden || isOver()) return;
    const url = new URL(apiUrl('updates'), location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const opened = new WebSocket(url);
    socket = opened;
    opened.onopen = () => {
      isAnswered = true;
      if (Date.now() - lostAt > GAP_NOTICED) changed();
      lostAt = Number.POSITIVE_INFINITY;
    };
    opened.onmessage = ({ data }) => {
      // Not once it is open: one that breaks at once, again and again, is not to be tried at once.
      tries = 0;
      isAnswered = true;
      if (data !== LIVE_PONG) changed();
    };
    opened.onclose = ({ code }) => {
      if (socket === opened) lose(code === LIVE_TOO_MANY ? LONGEST_PAUSE : undefined);
    };
  };
  /** Goes on without the socket, and tries again after a while. */
  const lose = (pause = pauseBefore(tries++, Math.random())) => {
    leave();
    retry ??= setTimeout(connect, pause);
  };
  const leave = () => {
    const open = socket;
    if (!open) return;
    socket = undefined;
    lostAt = Math.min(lostAt, Date.now());
    open.close();
  };

  setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN || document.hidden) return;
    if (!isAnswered || isOver()) return lose();
    isAnswered = false;
    socket.send(LIVE_PING);
  }, PING_EVERY);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = setTimeout(leave, KEPT_HIDDEN);
      return;
    }
    touchedAt = Date.now();
    // Connected or not, whoever was away for long is shown what is new.
    if (Date.now() - lostAt > KEPT_HIDDEN) changed();
    connect();
    look();
  });
  for (const touch of ['pointerdown', 'keydown', 'wheel'] as const) {
    const touched = () => {
      const wasIdle = !isHere();
      touchedAt = Date.now();
      if (wasIdle) look();
    };
    addEventListener(touch, touched, { passive: true });
  }
  addEventListener('focusout', () => setTimeout(look));
  addEventListener('pagehide', leave);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) connect();
  });
  addEventListener('online', () => {
    tries = 0;
    connect();
  });
  connect();
}
