/** The seals that the bucket keeps, as the Worker reads them for an owner of the org. */
import type { Witnesses } from './check-trail.ts';
import type { Seal } from './seal-chain.ts';

type Page = { seals: { number: number; bucket: Seal | null }[]; nextAfter: number | null };

/**
 * All of them. Throws an Error for a person when the console does not answer with them.
 *
 * @param console the console's origin
 * @param token an Access token of an owner
 * @param ask how a request is made
 */
export async function readWitnesses(
  console: string,
  slug: string,
  token: string,
  ask: (url: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<Witnesses> {
  const found = new Map<number, Seal>();
  for (let after: number | null = 0; after !== null; ) {
    const url = new URL(`/api/admin/${encodeURIComponent(slug)}/seals?after=${after}`, console);
    const asked = ask(url.href, {
      redirect: 'manual',
      // The first is what Access's edge asks for, the second what the Worker reads behind it.
      headers: { 'cf-access-token': token, 'Cf-Access-Jwt-Assertion': token },
    });
    const response = await asked.catch((error: unknown) => {
      throw new Error(`${url.origin} could not be reached.`, { cause: error });
    });
    if (response.status !== 200) {
      throw new Error(`${url.origin} answered ${response.status} instead of the seals.`);
    }
    // The Worker's own answer, see worker/routes/admin/seals.ts.
    const page = (await response.json()) as Page;
    for (const { number, bucket } of page.seals) {
      if (bucket) found.set(number, bucket);
    }
    after = page.nextAfter;
  }
  return found;
}
