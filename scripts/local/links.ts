/**
 * A standing link for each customer, to be printed. A link's secret is shown once, when it is made,
 * so the links are kept in a file and made anew only when one is gone, expired or revoked.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { LinkRow } from '../../worker/domain/access-link.ts';
import type { StaffApi } from '../demo/staff-api.ts';

type KeptLink = { id: string; url: string };

/** By customer code. Two orgs may use one code: the first keeps it, the next is `CODE@slug`. */
export type CustomerLinks = Record<string, { url: string; org: string; customer: string }>;

type CustomerRow = { id: string; code: string; name: string };
type CustomerPage = { customers: CustomerRow[]; nextCursor: string | null };
type CustomerDetail = { contacts: { id: string; access: string; links: LinkRow[] }[] };

/** Less than this and a link is replaced: it should outlive the day's work. */
const LIFETIME_MIN_MS = 24 * 3600 * 1000;

/** The links of every customer with a contact who is allowed one, at `portal`, the portal's origin. */
export async function customerLinks(options: {
  file: string;
  portal: string;
  orgs: { slug: string; name: string; api: StaffApi }[];
}): Promise<CustomerLinks> {
  const { file, portal, orgs } = options;
  const kept = await readKept(file);
  const links: CustomerLinks = {};
  for (const { slug, name, api } of orgs) {
    for (const customer of await allCustomers(api)) {
      const { contacts } = await api.get<CustomerDetail>(`customers/${customer.id}`);
      const contact = contacts.find(({ access }) => access === 'allowed');
      if (contact === undefined) continue;
      const before = kept[customer.id];
      const lives = contacts.some(({ links }) => links.some((row) => isGood(row, before?.id)));
      if (before === undefined || !lives) {
        const made = await api.send<{ link: LinkRow; url: string }>(
          'POST',
          `customers/${customer.id}/links`,
          { contactId: contact.id, scope: 'all', label: 'npm start', delivery: 'copy' },
        );
        kept[customer.id] = { id: made.link.id, url: made.url };
      }
      // The port may have moved since it was made; the token is in the path.
      const { pathname } = new URL(kept[customer.id]?.url ?? '', portal);
      const key = customer.code in links ? `${customer.code}@${slug}` : customer.code;
      links[key] = { url: portal + pathname, org: name, customer: customer.name };
    }
  }
  await writeFile(file, JSON.stringify(kept), { mode: 0o600 });
  return links;
}

function isGood({ id, state, expiresAt }: LinkRow, wanted: string | undefined): boolean {
  return (
    id === wanted && state === 'active' && Date.parse(expiresAt) > Date.now() + LIFETIME_MIN_MS
  );
}

async function allCustomers(api: StaffApi): Promise<CustomerRow[]> {
  const customers: CustomerRow[] = [];
  let query = '';
  while (true) {
    const page = await api.get<CustomerPage>(`customers${query}`);
    customers.push(...page.customers);
    if (page.nextCursor === null) return customers;
    query = `?cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

async function readKept(file: string): Promise<Record<string, KeptLink>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
