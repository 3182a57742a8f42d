/** How many notifications are new: as the newest visit tells, until they are read here. */
import type { Visit } from './types.ts';

const heard = new WeakSet<Visit>();
let unread = 0;

/** The number of new notifications, once this visit is known. A page that is shown again tells nothing new. */
export function unreadOf(visit: Visit): number {
  if (!heard.has(visit)) {
    heard.add(visit);
    unread = visit.unread;
  }
  return unread;
}

/** There are so many now, whatever the pages said that came before. */
export function setUnread(count: number): void {
  unread = count;
}
