/**
 * What is said between the Worker, a customer's object and an open page: hints, and never what changed. What
 * a page says or has to tell apart is in the vocabulary.
 */

/** Something that this customer is shown has changed. */
export const CHANGED = JSON.stringify({ changed: true });

/** Open pages of one customer: beyond them the oldest is let go. */
export const FOLLOWERS_MAX = 50;

/** The header that tells a customer's object when a session is over, in milliseconds since 1970. */
export const ENDS_AT = 'Counterfoil-Ends-At';
