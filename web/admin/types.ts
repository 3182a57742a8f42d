/** What the staff's API answers with, as the console reads it. */
import type {
  AuditAction,
  CanonicalField,
  ContactAccess,
  DocumentKind,
  ExposableField,
  ItemChange,
  ItemKind,
  LinkPurpose,
  LinkScope,
  Locale,
  ProblemCode,
  PublishStatus,
  Role,
  Severity,
} from '../../worker/vocabulary.ts';

export type OrgChoice = { slug: string; name: string; role: Role };
export type Entrance = { email: string | null; orgs: OrgChoice[] };

export type Me = {
  member: { id: string; name: string; email: string | null; role: Role };
  org: {
    slug: string;
    code: string;
    name: string;
    colour: string;
    hasLogo: boolean;
    timeZone: string;
  };
};

export type PublishSummary = Record<
  'items' | 'customers' | 'orders' | 'documents' | 'contacts' | 'changes',
  number
>;

export type PublishRow = {
  id: string;
  name: string;
  status: PublishStatus;
  createdBy: string;
  createdAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  rejectionReason: string | null;
  items: number;
  files: number;
  summary: PublishSummary | null;
};
export type PublishList = { publishes: PublishRow[]; nextCursor: string | null };

export type Problem = {
  code: ProblemCode;
  severity: Severity;
  line: number;
  field?: CanonicalField;
  value?: string;
  otherLine?: number;
};

export type ImportResult = {
  publishId: string;
  import: {
    id: string;
    rows: number;
    items: number;
    skipped: number;
    unknownColumns: string[];
    duplicateColumns: string[];
    problems: Problem[];
  };
};
export type FileResult = {
  file: { id: string; name: string; size: number; sha256: string };
  unchanged: boolean;
};

export type Fields = Partial<Record<CanonicalField, string>>;
export type ReviewItem = {
  kind: ItemKind;
  key: string;
  customerKey: string;
  orderKey: string | null;
  line: number;
  fields: Fields;
  before: Fields | null;
  change: ItemChange;
  problems: Problem[];
  blocked: boolean;
  needsTick: boolean;
  ticked: boolean;
  passes: boolean;
  file: { name: string; size: number; sha256: string } | null;
};
export type ReviewTotals = Record<
  'items' | 'passes' | 'blocked' | 'warnings' | 'awaitingTick' | 'rows' | 'skipped' | ItemChange,
  number
>;
/** What an approval would take now, by kind; `contacts` counts new recipients only. */
export type Passing = Record<'customers' | 'orders' | 'documents' | 'contacts', number>;
export type ReviewCustomer = {
  key: string;
  name: string | null;
  items: number;
  orders: number;
  documents: number;
  contacts: number;
  passes: number;
  blocked: number;
  isFirst: boolean;
  kinds: DocumentKind[];
  fields: ExposableField[];
};
export type ReviewImport = {
  id: string;
  fileName: string;
  rows: number;
  items: number;
  skipped: number;
  unknownColumns: string[];
  problems: Problem[];
  importedBy: string;
  createdAt: string;
};
export type NotAllowed = 'role' | 'own_import' | 'nothing_passes' | 'not_staged';
export type Review = {
  publish: PublishRow;
  hash: string;
  totals: ReviewTotals & { passing: Passing };
  customers: ReviewCustomer[];
  items: ReviewItem[];
  nextCursor: string | null;
  unmatchedFiles: { name: string; size: number }[];
  imports: ReviewImport[];
  approval: { allowed: boolean; reason: NotAllowed | null; ownImport: boolean };
};
export type Approval = {
  status: 'approved';
  alreadyApproved: boolean;
  summary: PublishSummary;
};

export type CustomerRow = {
  id: string;
  code: string;
  name: string;
  contacts: number;
  activeLinks: number;
  orders: number;
  documents: number;
  lastSeenAt: string | null;
};
export type CustomerList = { customers: CustomerRow[]; nextCursor: string | null };

export type LinkState = 'active' | 'rotated' | 'expired' | 'revoked';
export type LinkRow = {
  id: string;
  last4: string;
  label: string | null;
  scope: LinkScope;
  purpose: LinkPurpose;
  createdAt: string;
  createdBy: string | null;
  expiresAt: string;
  openedAt: string | null;
  lastUsedAt: string | null;
  state: LinkState;
};
export type Contact = {
  id: string;
  name: string | null;
  email: string;
  language: Locale;
  access: ContactAccess;
  links: LinkRow[];
};
export type Exposure = { kinds: DocumentKind[]; fields: ExposableField[] };
export type CustomerExposure = Exposure & {
  own: boolean;
  grantedKinds: DocumentKind[];
  grantedFields: ExposableField[];
};
export type CustomerPage = {
  /** `codeKey` is the code as exposures are kept by. */
  customer: { id: string; code: string; codeKey: string; name: string };
  contacts: Contact[];
  exposure: CustomerExposure;
};
/** The only answer that ever carries a link's URL. */
export type NewLink = { link: LinkRow; url: string };

export type AuditEvent = {
  id: string;
  at: string;
  actor: { kind: string; name: string | null };
  action: AuditAction;
  customer: { id: string; name: string } | null;
  subjectKind: string | null;
  subjectId: string | null;
  detail: Record<string, unknown>;
  requestId: string | null;
};
export type AuditList = { events: AuditEvent[]; nextCursor: string | null };

export type Settings = {
  name: string;
  timeZone: string;
  contactEmail: string | null;
  contactPhone: string | null;
  contactHours: string | null;
  address: string | null;
  colour: string;
  hasLogo: boolean;
  hourlyRequestLimit: number;
  orderWindowMonths: number;
  cancelledWindowDays: number;
  draftWindowDays: number;
  requiresTwoPersons: boolean;
};
export type Member = {
  id: string;
  email: string | null;
  serviceName: string | null;
  name: string;
  role: Role;
  language: Locale;
  active: boolean;
};
