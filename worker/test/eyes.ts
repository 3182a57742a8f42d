import { createHash } from 'node:crypto';
import { makeLink, type Org } from './cast.ts';
import type { Stack } from './stack.ts';

/**
 * What a customer's own eyes see: runs queries on the customers' connection with a fresh link of theirs,
 * beyond all that the Worker does.
 */
export async function eyesOf(
  stack: Stack,
  org: Org,
  code: string,
  scope: 'all' | 'no_financials' = 'all',
) {
  const { token } = await makeLink(stack, org, code, scope);
  const credential = createHash('sha256').update(token).digest('hex');
  return async (query: string) => {
    const [, rows] = await stack.sqlAs(
      'customer',
      // The context as `portal.enter` leaves it.
      [
        "select set_config('counterfoil.credential', $1, true), set_config('counterfoil.org', $2, true)",
        [credential, org.id],
      ],
      [query],
    );
    return rows;
  };
}
