/** Files inside the file. The data of an e-invoice (PDF/A-3) is welcome; nothing else is. */
import {
  type Dict,
  isDict,
  isReference,
  isText,
  says,
  textOf,
  type Value,
  valuesOf,
} from './values.ts';

/** Factur-X and ZUGFeRD 1 and 2, XRechnung: compared without regard to case. */
const E_INVOICES = new Set(['factur-x.xml', 'zugferd-invoice.xml', 'xrechnung.xml']);
/** Keys of a file specification that name it, and of its EF that lead to its bytes (7.11.3). */
const NAME_KEYS = ['UF', 'F', 'DOS', 'Mac', 'Unix'];
const UNNAMED = 'unnamed';

export type EmbeddedFile = { name: string; eInvoice: boolean };

/** Collects files, as objects and their dictionaries are told of: what has an EF names a file. */
export function embeddedFiles() {
  const files = new Map<string, EmbeddedFile>();
  const claims: { to: number; file: EmbeddedFile }[] = [];
  const holders = new Set<number>();
  const add = (file: EmbeddedFile) => files.set(`${file.name} ${file.eInvoice}`, file);

  const visit = (dict: Dict) => {
    for (const value of valuesOf(dict, 'EF')) {
      if (isDict(value) || (isReference(value) && isSpecification(dict))) {
        add(fileOf(dict));
      } else if (isReference(value)) {
        // As a resource, EF may be the name of a font.
        claims.push({ to: value.to, file: fileOf(dict) });
      }
    }
  };

  return {
    dict: visit,
    object(number: number, value: Value): void {
      if (isDict(value) && NAME_KEYS.some((key) => valuesOf(value, key).some(isReference))) {
        holders.add(number);
      }
    },
    found(): EmbeddedFile[] {
      for (const { to, file } of claims) {
        if (holders.has(to)) add(file);
      }
      return [...files.values()];
    },
  };
}

const isSpecification = (dict: Dict) =>
  says(dict, 'Type', 'Filespec') || NAME_KEYS.some((key) => valuesOf(dict, key).some(isText));

function fileOf(dict: Dict): EmbeddedFile {
  const names = NAME_KEYS.flatMap((key) => valuesOf(dict, key)).map((value) =>
    isText(value) ? textOf(value).trim() : '',
  );
  return {
    name: names.find((name) => name !== '') ?? UNNAMED,
    // By every name that it has: which one counts is up to the viewer.
    eInvoice: names.length > 0 && names.every((name) => E_INVOICES.has(name.toLowerCase())),
  };
}
