/** The supplier whose console this is, and who is looking: what every page stands on. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { formatDate, formatMoment } from '../lib/format.ts';
import { currentLocale } from '../lib/i18n.ts';
import type { Me } from './types.ts';

export const OrgContext = createContext<Me | null>(null);

/** Addresses of one supplier's console, and of the API below it. */
export function pathsOf(slug: string) {
  const page = `/admin/${encodeURIComponent(slug)}`;
  const api = `/api/admin/${encodeURIComponent(slug)}`;
  const id = encodeURIComponent;
  return {
    api: (path: string) => `${api}/${path}`,
    file: (publish: string, name: string) => `${api}/publishes/${id(publish)}/files/${id(name)}`,
    publishes: `${page}/publishes`,
    newImport: `${page}/publishes/new`,
    addTo: (publish: string) => `${page}/publishes/new?publish=${id(publish)}`,
    /** Where imports that have not ended are gone on with; ids of imports, with commas. */
    resume: (publish: string, imports: string) =>
      `${page}/publishes/new?publish=${id(publish)}&imports=${imports}`,
    publish: (publish: string) => `${page}/publishes/${id(publish)}`,
    exposureReport: (publish: string) => `${page}/publishes/${id(publish)}/exposure-report`,
    history: (kind: string, number: string) => `${page}/documents/${id(kind)}/${id(number)}`,
    customers: `${page}/customers`,
    customer: (customer: string) => `${page}/customers/${id(customer)}`,
    issues: `${page}/issues`,
    issue: (issue: string) => `${page}/issues/${id(issue)}`,
    issuesOf: (customer: string) => `${page}/issues?status=all&customer=${id(customer)}`,
    changes: `${page}/change-requests`,
    changesOf: (customer: string) => `${page}/change-requests?customer=${id(customer)}`,
    shipments: `${page}/shipments`,
    shipmentsOf: (customer: string) => `${page}/shipments?customer=${id(customer)}`,
    outbox: `${page}/outbox`,
    outboxTo: (email: string) => `${page}/outbox?q=${id(email)}`,
    letter: (letter: string) => `${page}/outbox/${id(letter)}`,
    integrations: `${page}/integrations`,
    exposures: `${page}/exposures`,
    exports: `${page}/exports`,
    trace: `${page}/trace`,
    traceOf: (reference: string) => `${page}/trace?reference=${id(reference)}`,
    alerts: `${page}/alerts`,
    feedback: `${page}/feedback`,
    audit: `${page}/audit`,
    auditOf: (customer: string) => `${page}/audit?customer=${id(customer)}`,
    settings: `${page}/settings`,
  };
}

/**
 * Who looks, where, and what they may do. Only below the shell, which waits for the answer.
 */
export function useOrg() {
  const me = useContext(OrgContext);
  if (me === null) throw new Error('useOrg outside of a supplier');
  const { role } = me.member;
  return {
    ...me,
    paths: pathsOf(me.org.slug),
    isApprover: role === 'approver' || role === 'owner',
    isOwner: role === 'owner',
    // The supplier's clock: colleagues who compare notes read the same time.
    moment: (at: string) => formatMoment(at, currentLocale(), me.org.timeZone),
    date: (at: string) => formatDate(at, currentLocale(), me.org.timeZone),
  };
}

/** A path with those query parameters that say something. */
export function withQuery(path: string, query: Record<string, string | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value) search.set(name, value);
  }
  return search.size === 0 ? path : `${path}?${search}`;
}
