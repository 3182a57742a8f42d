/**
 * What a document could do by itself: run a script, start a program, send a form, open something
 * else. Looked for by what it is, a key or an action's type, in every object that the file has, in
 * whatever revision: a font that is called AA does nothing.
 */
import { keyword, readName, type Source } from './syntax.ts';
import {
  type Dict,
  isDict,
  isName,
  isReference,
  isText,
  referencesIn,
  says,
  textOf,
  type Value,
} from './values.ts';

/** Types of actions (ISO 32000-2, 12.6.4), and what they are reported as. */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['JavaScript', 'JavaScript'],
  ['Launch', 'Launch'],
  ['SubmitForm', 'SubmitForm'],
  ['ImportData', 'ImportData'],
  ['GoToR', 'GoToR'],
  ['GoToE', 'GoToE'],
  ['Thread', 'Thread'],
  ['Rendition', 'Rendition'],
  ['Movie', 'Movie'],
  ['Sound', 'Sound'],
  ['RichMediaExecute', 'RichMedia'],
]);
/** Kinds of annotations that play something. */
const PLAYERS = new Set(['RichMedia', 'Movie', 'Sound', '3D']);
/** What sets off an additional action (12.6.3), of a document, a page, an annotation or a field. */
const TRIGGERS = new Set('E X D U Fo Bl PO PC PV PI O C K F V WC WS DS WP DP'.split(' '));
/** Enough to suspect an object that does not parse, and what it is suspected of. */
const SUSPECT: ReadonlyMap<string, string> = new Map([
  ...ACTIONS,
  ...Array.from(PLAYERS, (name): [string, string] => [name, name]),
  ['JS', 'JavaScript'],
  ['AA', 'AA'],
  ['XFA', 'XFA'],
  ['OpenAction', 'OpenAction'],
  ['EF', 'EmbeddedFile'],
  ['EmbeddedFile', 'EmbeddedFile'],
  ['EmbeddedFiles', 'EmbeddedFile'],
]);
/** Addresses that are no address. */
const ACTIVE_ADDRESS = /^\s*(javascript|vbscript|data|file):/i;
const SLASH = keyword('/')[0] ?? 0;

/** What a reference must lead to for a finding to stand. */
type Role = 'additional actions' | 'address';
type Claim = { to: number; role: Role; found: string };

/** Collects what is found, as objects and their dictionaries are told of. */
export function activeContent() {
  const found = new Set<string>();
  const claims: Claim[] = [];
  const roles: Record<Role, Set<number>> = { 'additional actions': new Set(), address: new Set() };

  const visit = (dict: Dict, under: string) => {
    const runsByItself = under === 'OpenAction' || under === 'Next';
    if (runsByItself && says(dict, 'S', 'URI')) found.add('OpenAction');
    for (const [key, value] of dict.entries) {
      const name = isName(value) ? value.name : '';
      switch (key) {
        case 'S': {
          const action = ACTIONS.get(name);
          if (action) found.add(action);
          break;
        }
        case 'Subtype':
          if (PLAYERS.has(name)) found.add(name);
          break;
        case 'JS':
          // As a resource, JS may be the name of a font.
          if (isText(value) || dict.entries.some(([other]) => other === 'S')) {
            found.add('JavaScript');
          }
          break;
        case 'JavaScript':
        case 'OnInstantiate':
          if (value !== null) found.add('JavaScript');
          break;
        case 'XFA':
          if (value !== null) found.add('XFA');
          break;
        case 'RichMediaContent':
        case 'RichMediaSettings':
          if (value !== null) found.add('RichMedia');
          break;
        case 'AA':
          if (isDict(value) && hasTrigger(value)) found.add('AA');
          if (isReference(value)) {
            claims.push({ to: value.to, role: 'additional actions', found: 'AA' });
          }
          break;
        case 'OpenAction':
        case 'Next':
          for (const to of referencesIn(value)) {
            claims.push({ to, role: 'address', found: 'OpenAction' });
          }
          break;
        case 'URI':
          if (isText(value) && ACTIVE_ADDRESS.test(textOf(value))) found.add('URI');
          break;
      }
    }
  };

  return {
    /** `under`: the key that a dictionary is the value of, or in a list of. */
    dict: visit,
    /** An object as a whole; its dictionaries are told one by one. */
    object(number: number, value: Value): void {
      if (isDict(value)) {
        if (hasTrigger(value)) roles['additional actions'].add(number);
        if (says(value, 'S', 'URI')) roles.address.add(number);
      }
      // An action's type may be a reference to its name. No writer does that with good intentions.
      const name = isName(value) ? (ACTIONS.get(value.name) ?? '') : '';
      if (name !== '') found.add(name);
    },
    /** What did not parse: its names alone are looked at. */
    unreadable({ bytes, spending }: Source, from: number, to: number): void {
      const source: Source = { bytes: bytes.subarray(0, to), at: from, spending };
      for (;;) {
        source.at = source.bytes.indexOf(SLASH, source.at);
        if (source.at === -1) return;
        const suspicion = SUSPECT.get(readName(source));
        if (suspicion) found.add(suspicion);
      }
    },
    found(): string[] {
      for (const claim of claims) {
        if (roles[claim.role].has(claim.to)) found.add(claim.found);
      }
      return [...found].sort();
    },
  };
}

const hasTrigger = (dict: Dict) =>
  dict.entries.some(([key, value]) => TRIGGERS.has(key) && (isDict(value) || isReference(value)));
