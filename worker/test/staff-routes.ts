/**
 * How each staff route is asked, rightly and with another supplier's ids: the table that the
 * isolation test walks. Who adds a route says here what a foreign id looks like.
 */
import { day, pdfOf } from './cast.ts';

/** What a supplier has that a request can name. */
export type Ids = {
  publish: string;
  approved: string;
  /** Of the staged publish. */
  import: string;
  file: string;
  /** The true hash of the staged publish's review. */
  hash: string;
  item: string;
  customer: string;
  customerKey: string;
  contact: string;
  link: string;
  member: string;
  /** Of a copy that a customer took. */
  reference: string;
  alert: string;
  /** Of how a file's headers are read. */
  profile: string;
  /** A customer's report, and a photo of it. */
  issue: string;
  photo: string;
  /** What a customer asked to have changed. */
  change: string;
  /** A dead letter, the suppression of its address, and a shipment. */
  letter: string;
  suppression: string;
  shipment: string;
};
export type Ask = {
  path: string;
  body?: unknown;
  bytes?: BodyInit;
  type?: string;
  headers?: Record<string, string>;
};
type Route = {
  /** A request that would be right, were the ids one's own. */
  right: (ids: Ids) => Ask;
  /** Requests below one's own org that name something of another's. */
  foreign?: (theirs: Ids, own: Ids) => Ask[];
};

const byId = (make: (ids: Ids) => Ask): Route => ({
  right: make,
  foreign: (theirs) => [make(theirs)],
});
const only = (make: (ids: Ids) => Ask): Route => ({ right: make });
const ofPeriod = (path: string): Route => {
  const ask = (more = '') => ({
    path: `exports/${path}?format=csv&from=${day(-300)}&to=${day(0)}${more}`,
  });
  return {
    right: () => ask(),
    foreign: ({ customer }) => [ask(`&customer=${customer}`)],
  };
};
const csv = () => 'customer_code,customer_name\nINTRUDER,Intruder';
const settings = {
  name: 'Taken over',
  timeZone: 'UTC',
  contactEmail: null,
  contactPhone: null,
  contactHours: null,
  address: null,
  colour: '#ff0000',
  hourlyRequestLimit: 20,
  orderWindowMonths: 1,
  cancelledWindowDays: 0,
  draftWindowDays: 0,
  requiresTwoPersons: false,
  stamping: false,
  unstampedKinds: [],
  drawsConfirmations: true,
  drawsInvoiceCopies: true,
  sendsStatements: false,
  paymentLink: 'https://pay.acme.example/{invoice_number}',
  fileMaxMegabytes: 1,
  locale: 'pl',
  currency: 'PLN',
  trackingLinks: {},
};
/** The body that asks for a link for a contact. */
export const newLink = (contactId: string, delivery: string) => ({
  contactId,
  scope: 'all',
  delivery,
});
const member = { name: 'Taken over', role: 'clerk', language: 'en', active: false };

const SEEN = { sha256: null, problems: [] };

/** Every route of the staff's API, as `METHOD path` below `/api/admin/:org/`. */
export const STAFF_ROUTES: Record<string, Route> = {
  'GET me': only(() => ({ path: 'me' })),
  'GET publishes': only(() => ({ path: 'publishes' })),
  'POST publishes': only(() => ({ path: 'publishes', body: { name: 'Intruder' } })),
  'GET publishes/:id/review': byId(({ publish }) => ({ path: `publishes/${publish}/review` })),
  'GET publishes/:id/review/customers': byId(({ publish }) => ({
    path: `publishes/${publish}/review/customers`,
  })),
  'PUT publishes/:id/exclusions': {
    right: ({ publish, item }) => ({
      path: `publishes/${publish}/exclusions`,
      body: { items: [{ kind: 'contact', key: item }], excluded: true },
    }),
    foreign: (theirs, own) =>
      [theirs.publish, own.publish].flatMap((id) => [
        {
          path: `publishes/${id}/exclusions`,
          body: { items: [{ kind: 'contact', key: theirs.item }], excluded: true },
        },
        {
          path: `publishes/${id}/exclusions`,
          body: { customers: [theirs.customerKey], excluded: true },
        },
      ]),
  },
  'PUT publishes/:id/ticks': {
    right: ({ publish, item }) => ({
      path: `publishes/${publish}/ticks`,
      body: { items: [{ kind: 'contact', key: item }], ticked: true },
    }),
    foreign: (theirs, own) =>
      [theirs.publish, own.publish].map((id) => ({
        path: `publishes/${id}/ticks`,
        body: { items: [{ kind: 'contact', key: theirs.item }], ticked: true },
      })),
  },
  'PUT publishes/:id/overrides': {
    right: ({ publish, item }) => ({
      path: `publishes/${publish}/overrides`,
      body: { kind: 'contact', key: item, reason: 'An intruder answers for it', seen: SEEN },
    }),
    foreign: (theirs, own) =>
      [theirs.publish, own.publish].map((id) => ({
        path: `publishes/${id}/overrides`,
        body: {
          kind: 'contact',
          key: theirs.item,
          reason: 'An intruder answers for it',
          seen: SEEN,
        },
      })),
  },
  'DELETE publishes/:id/overrides': {
    right: ({ publish, item }) => ({
      path: `publishes/${publish}/overrides?kind=contact&key=${item}`,
    }),
    foreign: (theirs, own) =>
      [theirs.publish, own.publish].map((id) => ({
        path: `publishes/${id}/overrides?kind=contact&key=${theirs.item}`,
      })),
  },
  'POST publishes/:id/approval': byId(({ publish, hash }) => ({
    path: `publishes/${publish}/approval`,
    body: { reviewHash: hash, confirmOwnImport: true },
  })),
  'POST publishes/:id/rejection': byId(({ publish }) => ({
    path: `publishes/${publish}/rejection`,
    body: { reason: 'An intruder says no' },
  })),
  'GET publishes/:id/withdrawal': {
    right: ({ approved }) => ({ path: `publishes/${approved}/withdrawal` }),
    foreign: (theirs, own) => [
      { path: `publishes/${theirs.approved}/withdrawal` },
      { path: `publishes/${own.approved}/withdrawal?customer=${theirs.customerKey}` },
      { path: `publishes/${own.approved}/withdrawal?document=invoice:INV-${theirs.customerKey}1` },
    ],
  },
  'POST publishes/:id/withdrawal': {
    right: ({ approved }) => ({
      path: `publishes/${approved}/withdrawal`,
      body: { reason: 'An intruder takes it back' },
    }),
    foreign: (theirs, own) => {
      const reason = 'An intruder takes it back';
      const document = `invoice:INV-${theirs.customerKey}1`;
      return [
        { path: `publishes/${theirs.approved}/withdrawal`, body: { reason } },
        {
          path: `publishes/${own.approved}/withdrawal`,
          body: { reason, customer: theirs.customerKey },
        },
        { path: `publishes/${own.approved}/withdrawal`, body: { reason, document } },
      ];
    },
  },
  'GET publishes/:id/outcome': byId(({ approved }) => ({ path: `publishes/${approved}/outcome` })),
  'GET publishes/:id/parts': byId(({ approved }) => ({ path: `publishes/${approved}/parts` })),
  'GET publishes/:id/documents': byId(({ approved, customerKey }) => ({
    path: `publishes/${approved}/documents?customer=${customerKey}`,
  })),
  'GET documents/:kind/:number/history': byId(({ customerKey }) => ({
    path: `documents/invoice/INV-${customerKey}1/history`,
  })),
  'GET publishes/:id/exposure-report': {
    right: ({ approved }) => ({ path: `publishes/${approved}/exposure-report` }),
    foreign: (theirs, own) => [
      { path: `publishes/${theirs.approved}/exposure-report` },
      { path: `publishes/${own.approved}/exposure-report?customer=${theirs.customerKey}` },
      {
        path: `publishes/${own.approved}/exposure-report?document=invoice:INV-${theirs.customerKey}1`,
      },
    ],
  },
  'GET publishes/:id/exposure-report.csv': {
    right: ({ approved }) => ({ path: `publishes/${approved}/exposure-report.csv` }),
    foreign: (theirs, own) => [
      { path: `publishes/${theirs.approved}/exposure-report.csv` },
      { path: `publishes/${own.approved}/exposure-report.csv?customer=${theirs.customerKey}` },
    ],
  },
  'POST imports': {
    right: () => ({ path: 'imports?name=index.csv', bytes: csv(), type: 'text/csv' }),
    foreign: ({ publish }) => [
      { path: `imports?name=index.csv&publish=${publish}`, bytes: csv(), type: 'text/csv' },
    ],
  },
  'GET mapping-profiles': only(() => ({ path: 'mapping-profiles' })),
  'DELETE mapping-profiles/:id': byId(({ profile }) => ({ path: `mapping-profiles/${profile}` })),
  'GET imports/:id': byId((ids) => ({ path: `imports/${ids.import}` })),
  'GET imports/:id/problems.csv': byId((ids) => ({ path: `imports/${ids.import}/problems.csv` })),
  'POST imports/:id/staging': byId((ids) => ({
    path: `imports/${ids.import}/staging`,
    body: {
      reading: {
        encoding: 'utf-8',
        delimiter: ',',
        headerLine: 1,
        dateOrder: 'ymd',
        decimal: '.',
        fields: ['customer_code', 'customer_name'],
      },
    },
  })),
  'PUT publishes/:id/files/:name': byId(({ publish, file }) => ({
    path: `publishes/${publish}/files/${file}`,
    bytes: pdfOf('intruder'),
    type: 'application/pdf',
  })),
  'GET publishes/:id/files/:name': {
    right: ({ publish, file }) => ({ path: `publishes/${publish}/files/${file}` }),
    foreign: (theirs, own) =>
      [theirs.publish, theirs.approved, own.publish].map((id) => ({
        path: `publishes/${id}/files/${theirs.file}`,
      })),
  },
  'DELETE publishes/:id/files/:name': {
    right: ({ publish, file }) => ({ path: `publishes/${publish}/files/${file}` }),
    foreign: (theirs, own) =>
      [theirs.publish, own.publish].map((id) => ({ path: `publishes/${id}/files/${theirs.file}` })),
  },
  'GET publishes/:id/files': byId(({ publish }) => ({ path: `publishes/${publish}/files` })),
  'GET publishes/:id/matching': byId(({ publish }) => ({ path: `publishes/${publish}/matching` })),
  'GET customers': only(() => ({ path: 'customers' })),
  'GET customers/:id': byId(({ customer }) => ({ path: `customers/${customer}` })),
  'POST customers/:id/links': {
    right: ({ customer, contact }) => ({
      path: `customers/${customer}/links`,
      body: newLink(contact, 'copy'),
    }),
    foreign: (theirs, own) =>
      ['copy', 'mail'].flatMap((delivery) => [
        { path: `customers/${theirs.customer}/links`, body: newLink(theirs.contact, delivery) },
        { path: `customers/${own.customer}/links`, body: newLink(theirs.contact, delivery) },
        { path: `customers/${theirs.customer}/links`, body: newLink(own.contact, delivery) },
      ]),
  },
  'POST customers/:id/links/revocation': byId(({ customer }) => ({
    path: `customers/${customer}/links/revocation`,
    body: { endAccess: true },
  })),
  'POST links': byId(({ customer }) => ({ path: 'links', body: { customerIds: [customer] } })),
  'POST previews': byId(({ contact }) => ({ path: 'previews', body: { contactId: contact } })),
  'POST links/:id/rotation': byId((ids) => ({ path: `links/${ids.link}/rotation`, body: {} })),
  'POST links/:id/revocation': byId((ids) => ({
    path: `links/${ids.link}/revocation`,
    body: { endAccess: true },
  })),
  'PUT contacts/:id/access': byId(({ contact }) => ({
    path: `contacts/${contact}/access`,
    body: { access: 'ended' },
  })),
  'GET exposures': only(() => ({ path: 'exposures' })),
  'PUT exposures': {
    right: ({ publish, customerKey }) => ({
      path: `exposures?publish=${publish}`,
      body: { customerKey, kinds: [], fields: [] },
    }),
    foreign: (theirs, own) => [
      { path: 'exposures', body: { customerKey: theirs.customerKey, kinds: [], fields: [] } },
      {
        path: `exposures?publish=${theirs.publish}`,
        body: { customerKey: own.customerKey, kinds: [], fields: [] },
      },
    ],
  },
  'GET stamps/:reference': byId(({ reference }) => ({ path: `stamps/${reference}` })),
  'GET alerts': only(() => ({ path: 'alerts' })),
  'PUT alerts/:id': byId(({ alert }) => ({ path: `alerts/${alert}`, body: { resolved: true } })),
  'GET issues': only(() => ({ path: 'issues' })),
  'GET issues/:id': byId(({ issue }) => ({ path: `issues/${issue}` })),
  'GET issues/:id/photos/:photo': {
    right: ({ issue, photo }) => ({ path: `issues/${issue}/photos/${photo}` }),
    foreign: (theirs, own) => [
      { path: `issues/${theirs.issue}/photos/${theirs.photo}` },
      { path: `issues/${own.issue}/photos/${theirs.photo}` },
      { path: `issues/${theirs.issue}/photos/${own.photo}` },
    ],
  },
  'POST issues/:id/messages': byId(({ issue }) => ({
    path: `issues/${issue}/messages`,
    body: { body: 'An intruder answers', status: 'resolved' },
    headers: { 'Idempotency-Key': 'intruder-1' },
  })),
  'POST issues/:id/notes': byId(({ issue }) => ({
    path: `issues/${issue}/notes`,
    body: { body: 'An intruder was here' },
  })),
  'PUT issues/:id/status': byId(({ issue }) => ({
    path: `issues/${issue}/status`,
    body: { status: 'resolved' },
  })),
  'PUT issues/:id/assignee': {
    right: ({ issue, member }) => ({
      path: `issues/${issue}/assignee`,
      body: { memberId: member },
    }),
    foreign: (theirs, own) => [
      { path: `issues/${theirs.issue}/assignee`, body: { memberId: theirs.member } },
      { path: `issues/${theirs.issue}/assignee`, body: { memberId: null } },
      { path: `issues/${own.issue}/assignee`, body: { memberId: theirs.member } },
    ],
  },
  'GET change-requests': only(() => ({ path: 'change-requests' })),
  'PUT change-requests/:id/decision': byId(({ change }) => ({
    path: `change-requests/${change}/decision`,
    body: { status: 'declined', reason: 'An intruder declined it' },
  })),
  'GET outbox': only(() => ({ path: 'outbox' })),
  'GET outbox/:id': byId(({ letter }) => ({ path: `outbox/${letter}` })),
  'POST outbox/:id/retry': byId(({ letter }) => ({ path: `outbox/${letter}/retry`, body: {} })),
  'PUT suppressions/:id': byId(({ suppression }) => ({
    path: `suppressions/${suppression}`,
    body: { lifted: true },
  })),
  'GET shipments': only(() => ({ path: 'shipments' })),
  'POST shipments/:id/events': byId(({ shipment }) => ({
    path: `shipments/${shipment}/events`,
    body: { at: new Date(Date.now() - 60_000).toISOString(), status: 'delivered' },
    headers: { 'Idempotency-Key': 'intruder-2' },
  })),
  'GET integrations': only(() => ({ path: 'integrations' })),
  'GET integrations/log': only(() => ({ path: 'integrations/log' })),
  'POST integrations/:carrier/checks': {
    right: () => ({ path: 'integrations/fedex/checks', body: {} }),
    // A carrier is no supplier's; one that there is not has no checks.
    foreign: () => [{ path: 'integrations/dhl/checks', body: {} }],
  },
  'GET audit': only(() => ({ path: 'audit' })),
  'GET audit.csv': only(() => ({ path: 'audit.csv' })),
  'GET seals': only(() => ({ path: 'seals' })),
  'GET seals/latest': only(() => ({ path: 'seals/latest' })),
  'GET exports': only(() => ({ path: 'exports' })),
  'GET exports/preview': ofPeriod('preview'),
  'GET exports/invoices': ofPeriod('invoices'),
  // A format is no id, but what is none of ours leads nowhere.
  'GET exports/mappings/:format': {
    right: () => ({ path: 'exports/mappings/csv' }),
    foreign: ({ customer }) => [{ path: `exports/mappings/${customer}` }],
  },
  'PUT exports/mappings/:format': {
    right: () => ({ path: 'exports/mappings/csv', body: { account: '999' } }),
    foreign: ({ customer }) => [{ path: `exports/mappings/${customer}`, body: { account: '999' } }],
  },
  'GET feedback': only(() => ({ path: 'feedback' })),
  'GET settings': only(() => ({ path: 'settings' })),
  'PUT settings': only(() => ({ path: 'settings', body: settings })),
  'PUT settings/logo': only(() => ({
    path: 'settings/logo',
    bytes: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    type: 'image/svg+xml',
  })),
  'GET members': only(() => ({ path: 'members' })),
  'POST members': only(() => ({
    path: 'members',
    body: { email: 'intruder@intruder.example', name: 'Intruder', role: 'owner', language: 'en' },
  })),
  'PUT members/:id': byId((ids) => ({ path: `members/${ids.member}`, body: member })),
};
