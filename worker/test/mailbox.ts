/** What came to somebody's mailbox. */
import type { Stack } from './stack.ts';

/** The mails to an address, the newest first. */
export const mailsTo = (stack: Stack, address: string) =>
  stack.mail.mails().filter(({ to }) => to.includes(address));
