import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReceivedMail } from './resend-store.ts';

/** The events that Resend sends about a mail that was accepted. */
export type MailEvent =
  | 'email.delivered'
  | 'email.delivery_delayed'
  | 'email.bounced'
  | 'email.complained'
  | 'email.failed'
  | 'email.suppressed';

/** Where events go, and what signs them; `fetch`: how a receiver without a port is reached. */
export type Webhook = {
  url: string;
  secret: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};
/** `at`: when it happened; `bounce`: for good, or only this once. */
export type EventOptions = { svixId?: string; at?: Date; bounce?: 'Permanent' | 'Transient' };

/** The headers of a body that was signed, now or at another time. */
export function signedHeaders(
  secret: string,
  body: string,
  svixId = `msg_${randomUUID()}`,
  at = new Date(),
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = createHmac('sha256', key).update(`${svixId}.${timestamp}.${body}`);
  return {
    'content-type': 'application/json',
    'svix-id': svixId,
    'svix-timestamp': timestamp,
    'svix-signature': `v1,${signed.digest('base64')}`,
  };
}

/** Waits before the second and third try; Svix goes on for a day. */
const RETRY_AFTER_MS = [1_000, 5_000];

/**
 * What happens to a mail: delivered, unless it goes to one of Resend's test addresses
 * (https://resend.com/docs/dashboard/emails/send-test-emails), `bounced@resend.dev` and so on.
 */
export function fateOf(mail: ReceivedMail): MailEvent {
  for (const recipient of mail.to) {
    const address = addressOf(recipient);
    const [, fate] = /^(bounced|complained|suppressed)(?:\+.*)?@resend\.dev$/.exec(address) ?? [];
    if (fate !== undefined) return `email.${fate as 'bounced' | 'complained' | 'suppressed'}`;
  }
  return 'email.delivered';
}

/** `Anna <Anna@Example.com>` → `anna@example.com` */
export function addressOf(recipient: string): string {
  return (/<([^<>]*)>\s*$/.exec(recipient)?.[1] ?? recipient).trim().toLowerCase();
}

/**
 * Posts one event as Resend does through Svix: https://resend.com/docs/webhooks/event-types and
 * https://docs.svix.com/receiving/verifying-payloads/how-manual. `svixId` is the receiver's key for
 * telling a repeated delivery. Gives the receiver's status; throws when it cannot be reached.
 */
export async function postEvent(
  webhook: Webhook,
  type: MailEvent,
  mail: ReceivedMail,
  options: EventOptions & { signal?: AbortSignal } = {},
): Promise<number> {
  const body = JSON.stringify({
    type,
    created_at: (options.at ?? new Date()).toISOString(),
    data: {
      email_id: mail.id,
      created_at: mail.createdAt,
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      tags: Object.fromEntries(mail.tags.map(({ name, value }) => [name, value])),
      ...(type === 'email.bounced' && {
        bounce:
          options.bounce === 'Transient'
            ? { type: 'Transient', subType: 'MailboxFull', message: 'The mailbox is full.' }
            : { type: 'Permanent', subType: 'General', message: 'The mailbox does not exist.' },
      }),
      ...(type === 'email.failed' && { failed: { reason: 'reached_daily_quota' } }),
    },
  });
  const response = await (webhook.fetch ?? fetch)(webhook.url, {
    method: 'POST',
    headers: signedHeaders(webhook.secret, body, options.svixId),
    body,
    ...(options.signal && { signal: options.signal }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Tells a mail's fate, up to three times, one svix-id for all tries. Never throws. */
export async function tellFate(
  webhook: Webhook,
  mail: ReceivedMail,
  signal: AbortSignal,
): Promise<void> {
  const svixId = `msg_${randomUUID()}`;
  for (const wait of [...RETRY_AFTER_MS, null]) {
    const status = await postEvent(webhook, fateOf(mail), mail, { svixId, signal }).catch(() => 0);
    if ((status >= 200 && status < 300) || wait === null || signal.aborted) return;
    await delay(wait, undefined, { signal, ref: false }).catch(() => {});
  }
}
