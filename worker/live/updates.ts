/** The port to customers' open pages. */
import type { DurableObjectNamespace, DurableObjectStub } from '@cloudflare/workers-types';
import { ENDS_AT } from './words.ts';

export type Updates = {
  /** Connects a page: the 101 with its socket. `endsAt`: milliseconds since 1970. */
  follow(customerId: string, linkId: string, endsAt: number): Promise<Response>;
  /** Tells the customer's open pages that something changed. */
  changed(customerId: string): Promise<void>;
  /** Closes those that were opened through a link. */
  ended(customerId: string, linkId: string): Promise<void>;
};

/** The objects are named by their customers' ids. */
export function openUpdates(objects: DurableObjectNamespace): Updates {
  const ask = (customerId: string, path: string, init: Parameters<DurableObjectStub['fetch']>[1]) =>
    objects.get(objects.idFromName(customerId)).fetch(`https://updates/${path}`, init);
  return {
    async follow(customerId, linkId, endsAt) {
      const headers = { Upgrade: 'websocket', [ENDS_AT]: String(endsAt) };
      const answer = await ask(customerId, `follow/${linkId}`, { headers });
      // Two declarations of the runtime's one Response.
      return answer as unknown as Response;
    },
    async changed(customerId) {
      await ask(customerId, 'changed', { method: 'POST' });
    },
    async ended(customerId, linkId) {
      await ask(customerId, `ended/${linkId}`, { method: 'POST' });
    },
  };
}
