/** The console's words: a catalogue of its own, so that customers do not download it. */
import {
  type AuditAction,
  CANONICAL_FIELDS,
  type CanonicalField,
  DOCUMENT_KINDS,
  type DocumentKind,
  type IssueKind,
  LOCALES,
  ORDER_STATUSES,
  type ProblemCode,
  SHIPMENT_STATUSES,
} from '../../worker/vocabulary.ts';
import { formatDay, formatNumber, formatPercent } from '../lib/format.ts';
import {
  addErrorWords,
  addMessages,
  currentLocale,
  t as shared,
  type Translate,
} from '../lib/i18n.ts';
import en from '../locales/admin.en.json';

export const t: Translate<typeof en> = addMessages({
  en: async () => ({ default: en }),
  es: () => import('../locales/admin.es.json'),
  pl: () => import('../locales/admin.pl.json'),
});

addErrorWords(t);

/** Words joined as the language joins them: "a, b and c". */
export function joined(words: readonly string[]): string {
  return new Intl.ListFormat(currentLocale(), { type: 'conjunction' }).format(words);
}

/** A document kind, as the customer reads it too. */
export const kindWords = (kind: DocumentKind): string => shared(`documentKind.${kind}`);

/** What is wrong with an order. A message called `other` would be a plural's. */
export const issueKindWords = (kind: IssueKind): string =>
  t(`issueKind.${kind === 'other' ? 'rest' : kind}`);

const isOneOf = <T extends string>(list: readonly T[], value: string): value is T =>
  (list as readonly string[]).includes(value);

/** A staged value as a person reads it; canonical text stays where there is no better. */
export function fieldValue(field: CanonicalField, value: string): string {
  switch (CANONICAL_FIELDS[field]) {
    case 'date':
      return formatDay(value);
    case 'moment':
      return momentWords(value);
    case 'amount':
    case 'price':
      return withCents(value);
    case 'quantity':
      return formatNumber(value);
    case 'rate':
      return formatPercent(value);
    case 'document_kind':
      return isOneOf(DOCUMENT_KINDS, value) ? kindWords(value) : value;
    case 'order_status':
      return isOneOf(ORDER_STATUSES, value) ? shared(`orderStatus.${value}`) : value;
    case 'shipment_status':
      return isOneOf(SHIPMENT_STATUSES, value) ? shared(`shipmentStatus.${value}`) : value;
    case 'locale':
      return isOneOf(LOCALES, value) ? t(`languages.${value}`) : value;
    default:
      return value;
  }
}

/** As it stands in the file: with UTC said where that is what it is in. */
function momentWords(value: string): string {
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(Z?)$/.exec(value) ?? [];
  if (day === undefined || time === undefined) return value;
  return `${formatDay(day)} ${time}${zone ? ' UTC' : ''}`;
}

/** Decimal text with at least two decimals, and all that it has: a reviewer compares with paper. */
function withCents(value: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return value;
  const decimals = value.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(currentLocale(), {
    minimumFractionDigits: Math.max(2, decimals),
    maximumFractionDigits: Math.max(2, decimals),
  }).format(value as Intl.StringNumericLiteral); // the pattern above is a numeric literal
}

/** Problems that name an amount. */
const WITH_AMOUNT: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'total_not_found',
  'allocated_too_much',
  'credited_too_much',
  'totals_do_not_add_up',
  'paid_differs',
]);

const isNamed = (code: string): code is keyof typeof en.problemsWith => code in en.problemsWith;

/** What is wrong, in words; what was found stands in them where they have a place for it. */
export function problemWords({
  code,
  value,
}: {
  code: ProblemCode;
  value?: string | undefined;
}): string {
  if (value === undefined || !isNamed(code)) return t(`problems.${code}`);
  return t(`problemsWith.${code}`, {
    value: WITH_AMOUNT.has(code) ? fieldValue('total', value) : value,
  });
}

export type ActionGroup = keyof typeof en.actionGroups;

const GROUP_OF_NOUN: Record<string, ActionGroup> = {
  link: 'links',
  session: 'visits',
  portal: 'visits',
  home: 'visits',
  updates: 'visits',
  orders: 'visits',
  order: 'visits',
  documents: 'visits',
  help: 'visits',
  invoices: 'visits',
  invoice: 'visits',
  payments: 'visits',
  insights: 'visits',
  notifications: 'visits',
  statement: 'documents',
  feedback: 'visits',
  document: 'documents',
  stamp: 'documents',
  alert: 'documents',
  issue: 'issues',
  change: 'changes',
  details: 'visits',
  preferences: 'people',
  files: 'documents',
  issues: 'issues',
  request: 'refusals',
  publish: 'publishes',
  import: 'publishes',
  file: 'publishes',
  item: 'publishes',
  exposure: 'exposures',
  export: 'documents',
  exports: 'visits',
  contact: 'people',
  member: 'settings',
  settings: 'settings',
  profile: 'publishes',
  mail: 'mail',
  suppression: 'mail',
  check: 'shipments',
  shipment: 'shipments',
  audit: 'audit',
};

/** Under which heading an audit action is chosen. */
export function actionGroup(action: AuditAction): ActionGroup {
  // What its shipments do to an order is no visit to it.
  if (action === 'order.status_changed') return 'shipments';
  return GROUP_OF_NOUN[action.split('.')[0] ?? ''] ?? 'rest';
}

/** Whether there are words for a kind of subject; the trail may hold kinds that say nothing to a person. */
export function isSubjectKind(kind: string | null): kind is keyof typeof en.subjects {
  return kind !== null && kind in en.subjects;
}
