/** What the staff's API answers with, as the Worker types it. */
import type { Membership } from '../../worker/database/context.ts';
import type { LinkRow } from '../../worker/domain/access-link.ts';
import type { listAlerts } from '../../worker/domain/alert.ts';
import type { listEvents } from '../../worker/domain/audit-event.ts';
import type { DeskChange } from '../../worker/domain/change-request.ts';
import type { listContacts, listCustomers, readCustomer } from '../../worker/domain/customer.ts';
import type { DocumentVersion } from '../../worker/domain/document-history.ts';
import type { CustomerExposure } from '../../worker/domain/exposure.ts';
import type { FeedbackRow } from '../../worker/domain/feedback.ts';
import type {
  CarrierStateRow,
  IntegrationEntry,
  MailState,
} from '../../worker/domain/integration.ts';
import type { listIssuePhotos } from '../../worker/domain/issue.ts';
import type {
  DeskIssue,
  DeskIssueRow,
  listAssignees,
  listDeskMessages,
  listIssueLines,
  listIssueNotes,
} from '../../worker/domain/issue-desk.ts';
import type { listProfiles } from '../../worker/domain/mapping-profile.ts';
import type { listMembers, readSelf } from '../../worker/domain/member.ts';
import type { OrgSettings } from '../../worker/domain/org.ts';
import type { OutboxRow } from '../../worker/domain/outbox.ts';
import type { Outcome, PublishedDocument, PublishedPart } from '../../worker/domain/outcome.ts';
import type { PublishRow, PublishSummary } from '../../worker/domain/publish.ts';
import type {
  ReviewBody,
  ReviewImport,
  ReviewItem,
  ReviewTotals as Totals,
} from '../../worker/domain/review.ts';
import type { ReviewMove } from '../../worker/domain/review-move.ts';
import type { Seal, SealState } from '../../worker/domain/seal.ts';
import type { ShipmentRow } from '../../worker/domain/shipment-desk.ts';
import type { ReportedProblem } from '../../worker/domain/staged-item.ts';
import type { TracedStamp } from '../../worker/domain/stamp.ts';
import type { ExposureReport, Taking, TakingTotals } from '../../worker/domain/taking.ts';
import type { ChainFault, SpanFault } from '../../worker/domain/trail.ts';
import type { AccessLost, Elsewhere, NamedPublishes } from '../../worker/domain/withdrawal.ts';
import type { LeftOutRow } from '../../worker/routes/admin/links.ts';
import type {
  AlertKind,
  DocumentKind,
  Inspected,
  ProblemCode,
  Severity,
} from '../../worker/vocabulary.ts';

export type { LinkState } from '../../worker/domain/access-link.ts';
export type { Exposure } from '../../worker/domain/exposure.ts';
export type { IntegrationEntry } from '../../worker/domain/integration.ts';
export type { LetterFate } from '../../worker/domain/letter.ts';
export type { LetterDetail, OutboxRow as OutboxLetter } from '../../worker/domain/outbox.ts';
export type { ReviewProblem } from '../../worker/domain/review.ts';
export type { ReviewCustomer } from '../../worker/domain/review-customer.ts';
export type { ShipmentRow } from '../../worker/domain/shipment-desk.ts';
export type { Suppression } from '../../worker/domain/suppression.ts';
export type {
  AccessLost,
  CustomerExposure,
  Elsewhere,
  LinkRow,
  NamedPublishes,
  PublishRow,
  PublishSummary,
  ReviewImport,
  ReviewItem,
  ReviewMove,
};

/** A row of a query, as it arrives. */
type RowOf<Q extends (...args: never[]) => PromiseLike<unknown[]>> = Awaited<ReturnType<Q>>[number];

export type OrgChoice = Membership;
export type Entrance = { email: string | null; orgs: OrgChoice[] };
export type Me = RowOf<typeof readSelf>;

export type PublishList = { publishes: PublishRow[]; nextCursor: string | null };
export type Problem = ReportedProblem;
/** What inspection found in a file. */
export type Finding = { code: ProblemCode; severity: Severity; value?: string };
export type FileResult = {
  file: {
    id: string;
    name: string;
    size: number;
    sha256: string;
    /** 0 where they could not be counted. */
    pages: number;
    served: Inspected;
  };
  unchanged: boolean;
  findings: Finding[];
};

export type Fields = ReviewItem['fields'];
export type ReviewTotals = Totals & { rows: number; skipped: number };
export type Review = Omit<ReviewBody, 'totals' | 'nextPlace'> & {
  publish: PublishRow;
  totals: ReviewTotals;
  nextCursor: string | null;
};
export type Approval = {
  status: 'approved';
  alreadyApproved: boolean;
  summary: PublishSummary;
};

export type { DocumentVersion, Outcome, PublishedDocument, PublishedPart, Taking, TakingTotals };
export type PartList = { parts: PublishedPart[]; nextCursor: string | null };
export type PartDocumentList = { documents: PublishedDocument[]; nextCursor: string | null };
export type ExposurePage = ExposureReport & { nextCursor: string | null };
export type DocumentHistory = { versions: DocumentVersion[] };

export type CustomerRow = RowOf<typeof listCustomers>;
export type CustomerList = { customers: CustomerRow[]; nextCursor: string | null };
export type Contact = RowOf<typeof listContacts> & { links: LinkRow[] };
export type CustomerPage = {
  customer: RowOf<typeof readCustomer>;
  contacts: Contact[];
  exposure: CustomerExposure;
};
/** The only answers that ever carry a link's URL. */
export type NewLink = { link: LinkRow; url: string };
export type NewPreview = { url: string };
/** What became of links for many customers. */
export type LinksSent = { sent: number; leftOut: LeftOutRow[] };

/** Where a copy came from, by the reference code that stands on it. */
export type Trace = TracedStamp;
type AlertOf<Kind, Params> = Omit<RowOf<typeof listAlerts>, 'kind' | 'params'> & {
  kind: Kind;
  params: Params;
};
/** A live document that cannot be given out. */
export type DocumentAlert = AlertOf<
  'document_missing' | 'document_damaged',
  { kind: DocumentKind; number: string; customerCode: string; fileName: string }
>;
/** A seal of the trail that no longer holds; the times are between which its events are. */
export type SealAlert = AlertOf<
  'audit_broken',
  { seal: string; fault: (ChainFault | SpanFault)['kind']; from?: string; to: string }
>;
/** Mail to somebody does not arrive; `letter` is the first that did not, `reason` the provider's or our own words. */
export type MailAlert = AlertOf<
  'mail_died' | 'mail_bounced' | 'mail_complained',
  {
    letter: string;
    template: string;
    recipient: string;
    customer?: string;
    customerName?: string;
    fate?: string;
    reason?: string;
  }
>;
/** A service that does not answer, or something else that needs a person. */
export type OtherAlert = AlertOf<
  Exclude<AlertKind, DocumentAlert['kind'] | MailAlert['kind'] | 'audit_broken'>,
  Record<string, string>
>;
export type Alert = DocumentAlert | SealAlert | MailAlert | OtherAlert;
export type AlertList = { alerts: Alert[]; openIssues: number; openChanges: number };

export type OutboxList = { letters: OutboxRow[]; nextCursor: string | null };
export type ShipmentList = { shipments: ShipmentRow[]; nextCursor: string | null };
export type IntegrationLog = { entries: IntegrationEntry[]; nextCursor: string | null };
export type CarrierIntegration = CarrierStateRow & {
  /** Null: its account is not set up. */
  callsPerHour: number | null;
  shipments: number;
  /** Of them, those that are to be asked about by now. */
  due: number;
  failing: number;
};
export type IntegrationPage = {
  carriers: CarrierIntegration[];
  mail: MailState & {
    lastFailure: { at: string; reason: string | null } | null;
    /** Whether the provider tells us of bounces. */
    hearsBack: boolean;
  };
};

export type ChangeRequest = DeskChange;
export type ChangeList = { changeRequests: ChangeRequest[]; nextCursor: string | null };

export type IssueRow = DeskIssueRow;
export type IssueList = { issues: IssueRow[]; nextCursor: string | null };
export type IssueMessage = RowOf<typeof listDeskMessages>;
export type IssueNote = RowOf<typeof listIssueNotes>;
export type IssuePhoto = RowOf<typeof listIssuePhotos>;
/** A report, and all that was said, noted and shown of it. */
export type IssuePage = {
  issue: DeskIssue;
  lines: RowOf<typeof listIssueLines>[];
  messages: IssueMessage[];
  notes: IssueNote[];
  photos: IssuePhoto[];
  assignees: RowOf<typeof listAssignees>[];
  /** Numbers, newest first. */
  creditNotes: string[];
};

export type { FeedbackRow };
export type FeedbackList = {
  feedback: FeedbackRow[];
  nextCursor: string | null;
  /** Of the last 90 days; null where nobody answered. */
  recent: { count: number; mean: number | null };
};

export type AuditEvent = RowOf<typeof listEvents>;
export type AuditList = { events: AuditEvent[]; nextCursor: string | null };
export type LatestSeal = { seal: Seal | null; state: SealState };
export type Settings = OrgSettings;
export type Member = RowOf<typeof listMembers>;
export type MappingProfile = RowOf<typeof listProfiles>;
