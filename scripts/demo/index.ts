import { acmeBook, acmeRows } from './acme.ts';
import { acmeChanges } from './acme-changes.ts';
import { borealisBook } from './borealis.ts';
import { dayOf } from './calendar.ts';
import { logoPng } from './logo.ts';
import type { Paper, Supplier } from './model.ts';
import { drawPaper } from './paper/draw.ts';
import { type Row, toCsv } from './rows.ts';
import { ACME, BOREALIS } from './suppliers.ts';

/** A file of an import, drawn when asked for; the same bytes each time. */
export interface DemoFile {
  name: string;
  draw(): Promise<Uint8Array>;
}

/** An index CSV and the files uploaded with it; `approve` says whether it is to be published. */
export interface DemoImport {
  /** What the clerk calls the publish. */
  title: string;
  name: string;
  approve: boolean;
  csv: string;
  files: DemoFile[];
}

/** A supplier to load: its settings, its people, and its imports in order. */
export interface DemoOrg {
  slug: string;
  /** Six characters, carried inside access links. */
  code: string;
  name: string;
  timeZone: string;
  brand: {
    colour: string;
    contactEmail: string;
    contactPhone: string;
    hours: string;
    /** One line per line of the address. */
    address: string;
    logo: { contentType: string; bytes: Uint8Array };
  };
  members: { email: string; name: string; role: 'clerk' | 'approver' | 'owner' }[];
  /** The Access service token that may import. */
  service: { name: string; clientId: string };
  imports: DemoImport[];
}

function filesOf(supplier: Supplier, papers: readonly Paper[]): DemoFile[] {
  return papers.map((paper) => ({
    name: paper.fileName,
    draw: () => drawPaper(supplier, paper),
  }));
}

function imported(
  supplier: Supplier,
  approve: boolean,
  content: { rows: readonly Row[]; files: readonly Paper[] },
): DemoImport {
  return {
    title: approve ? 'The first year' : 'November deliveries',
    name: 'index.csv',
    approve,
    csv: toCsv(content.rows),
    files: filesOf(supplier, content.files),
  };
}

function orgOf(supplier: Supplier, members: DemoOrg['members'], imports: DemoImport[]): DemoOrg {
  const { slug, code, name, timeZone, colour, contactEmail, contactPhone, hours } = supplier;
  return {
    slug,
    code,
    name,
    timeZone,
    brand: {
      colour,
      contactEmail,
      contactPhone,
      hours,
      address: supplier.address.join('\n'),
      logo: { contentType: 'image/png', bytes: logoPng(supplier.mark, colour) },
    },
    members,
    service: { name: `${name} ERP`, clientId: `${slug}-erp.access` },
    imports,
  };
}

/**
 * The demo suppliers as of `today` (its UTC day): nothing in them depends on anything else, so the
 * same day gives the same rows and the same bytes.
 */
export async function demo(today: Date): Promise<DemoOrg[]> {
  const day = dayOf(today);
  const book = acmeBook(day);
  const acme = imported(ACME, true, { rows: acmeRows(book, day), files: book.papers });
  const changes = imported(ACME, false, acmeChanges(book, day));
  const borealis = imported(BOREALIS, true, borealisBook(day));
  return [
    orgOf(
      ACME,
      [
        { email: 'clara.nowak@acme.example', name: 'Clara Nowak', role: 'clerk' },
        { email: 'amir.haddad@acme.example', name: 'Amir Haddad', role: 'approver' },
        { email: 'olga.berg@acme.example', name: 'Olga Berg', role: 'owner' },
      ],
      [acme, changes],
    ),
    orgOf(
      BOREALIS,
      [
        { email: 'ewan.reid@borealis.example', name: 'Ewan Reid', role: 'clerk' },
        { email: 'mairi.sinclair@borealis.example', name: 'Mairi Sinclair', role: 'approver' },
        { email: 'fergus.muir@borealis.example', name: 'Fergus Muir', role: 'owner' },
      ],
      [borealis],
    ),
  ];
}
