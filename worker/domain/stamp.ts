/** Stamps: from the reference on a copy back to who took it, when, and through which link. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { DocumentKind, LinkPurpose } from '../vocabulary.ts';

export type TracedStamp = {
  reference: string;
  at: string;
  action: 'document.viewed' | 'document.downloaded';
  inZip: boolean;
  document: {
    id: string;
    kind: DocumentKind;
    number: string;
    orderNumber: string | null;
    /** It is still published. */
    live: boolean;
  };
  customer: { id: string; code: string; name: string };
  contact: { name: string | null; email: string };
  link: {
    id: string;
    last4: string;
    label: string | null;
    purpose: LinkPurpose;
    /** The member who looked as the contact, and took it, through a preview. */
    previewedBy: string | null;
    createdAt: string;
    revokedAt: string | null;
  };
  requestId: string | null;
  sha256: string | null;
};

/** The taking that a reference stands for, with its event; no row when the org never gave it out. */
export function traceStamp(db: Db, reference: string) {
  return db.execute<{ stamp: TracedStamp }>(sql`
    with found as (
      select s.*, staff.audit('stamp.traced', 'document', s.document_id::text,
                              jsonb_build_object('reference', s.reference), s.customer_id)::text as told
        from staff.stamps s where s.reference = ${reference}
    )
    select jsonb_build_object(
             'reference', s.reference, 'at', ${instant(sql`s.at`)},
             'action', case s.taken_as when 'inline' then 'document.viewed' else 'document.downloaded' end,
             'inZip', s.taken_as = 'zip',
             'document', jsonb_build_object('id', s.document_id, 'kind', s.kind, 'number', s.number, 'orderNumber', s.order_number,
               'live', exists (select 1 from portal.documents d where d.id = s.document_id)),
             'customer', jsonb_build_object('id', b.id, 'code', b.code, 'name', b.name),
             'contact', jsonb_build_object('name', c.name, 'email', c.email),
             'link', jsonb_build_object('id', l.id, 'last4', l.last4, 'label', l.label, 'purpose', l.purpose,
               'previewedBy', (select m.name from staff.members m where l.purpose = 'preview' and m.id = l.created_by),
               'createdAt', ${instant(sql`l.created_at`)},
               'revokedAt', ${instant(sql`l.revoked_at`)}),
             'requestId', s.request_id, 'sha256', s.object_sha256) as stamp
      from found s
      join portal.customers b on b.id = s.customer_id
      join portal.contacts c on c.id = s.contact_id
      join staff.access_links l on l.id = s.link_id`);
}
