/** A member's look at the portal as a contact, as the console begins it. */
import { type Customer, openLink, type Staff } from './clients.ts';
import type { Stack } from './stack.ts';

export type Begun = {
  preview: { id: string; contactId: string; customerId: string; expiresAt: string };
  url: string;
  error?: { code: string };
};

export const beginPreview = (as: Staff, contactId: string) =>
  as.post<Begun>('previews', { contactId });

/** A preview that is open. */
export async function openPreview(
  stack: Stack,
  as: Staff,
  contactId: string,
): Promise<Begun & { customer: Customer }> {
  const { body } = await beginPreview(as, contactId);
  return { ...body, customer: await openLink(stack, body.url) };
}
