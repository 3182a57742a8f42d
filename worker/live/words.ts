/** What is said between the Worker, a customer's object and an open page: hints, and never what changed. */

/** Something that this customer is shown is another by now. */
export const CHANGED = JSON.stringify({ changed: true });

/** What a page sends to know that its connection still is one, and what it gets. */
export const PING = 'ping';
export const PONG = 'pong';

/** Why a connection is closed: the session ended, or may have; there are too many of this customer. */
export const BYE = 4401;
export const TOO_MANY = 4429;

/** Open pages of one customer: beyond them the oldest is let go. */
export const FOLLOWERS_MAX = 50;

/** The header that tells a customer's object when a session is over, in milliseconds since 1970. */
export const ENDS_AT = 'Counterfoil-Ends-At';
