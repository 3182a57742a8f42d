/**
 * A content as far as it is text (ISO 32000-2, annex A): the operators that place and show it,
 * written anew. Paths, images and marks are left out, and so is what nobody means and pdf.js
 * suffers from: a million graphics states on a stack, say.
 */
import { type Token, tokensOf } from './content-tokens.ts';

/** What each operator takes, last to be read last. */
const OPERANDS = new Map<string, Token['kind'][]>();
const numbers = (count: number) => Array<Token['kind']>(count).fill('number');
for (const name of ['q', 'Q', 'BT', 'ET', 'T*']) OPERANDS.set(name, []);
for (const name of ['Tc', 'Tw', 'Tz', 'TL', 'Ts']) OPERANDS.set(name, numbers(1));
for (const name of ['Td', 'TD']) OPERANDS.set(name, numbers(2));
for (const name of ['cm', 'Tm']) OPERANDS.set(name, numbers(6));
for (const name of ['Tj', "'"]) OPERANDS.set(name, ['string']);
OPERANDS.set('"', [...numbers(2), 'string']);
OPERANDS.set('TJ', ['[']);
OPERANDS.set('Tf', ['name', 'number']);
OPERANDS.set('Do', ['name']);

const OPERANDS_MAX = 6;
const OPERATOR_CHARACTERS_MAX = 3;
const NAME_CHARACTERS_MAX = 128;
/** Deeper than any honest content. */
const STATES_MAX = 100;
/** Whatever a program prints of a float, within what a page may measure. */
const NUMBER = /^[+-]?(\d{1,9}\.?\d{0,30}|\.\d{1,30})$/;
const NUMBER_CHARACTERS_MAX = 42;
const NUMBER_MAX = 1e9;

/** What a name in the content is called in the copy; undefined for what the copy has not. */
export type Naming = {
  font(name: string): string | undefined;
  form(name: string): string | undefined;
};

export type TextContent = {
  bytes: Uint8Array<ArrayBuffer>;
  /** How often each form is drawn, by its name in the copy. */
  drawn: Map<string, number>;
};

/** @param content decoded */
export function copyText(content: Uint8Array, naming: Naming): TextContent {
  const drawn = new Map<string, number>();
  const out = writer(content);
  let operands: Token[] = [];
  let states = 0;
  for (const token of tokensOf(content)) {
    if (token.kind !== 'operator') {
      if (operands.length === OPERANDS_MAX) operands.shift();
      operands.push(token);
      continue;
    }
    const name = textOf(content, token, OPERATOR_CHARACTERS_MAX);
    const wanted = OPERANDS.get(name);
    const taken = wanted ? operands.slice(operands.length - wanted.length) : [];
    operands = [];
    if (!wanted?.every((kind, place) => taken[place]?.kind === kind)) continue;
    if (name === 'Q' && states === 0) continue;
    if (name === 'q' && states === STATES_MAX) break;
    states += name === 'q' ? 1 : name === 'Q' ? -1 : 0;
    const [resource] = taken;
    if (resource?.kind === 'name') {
      const called = nameOf(content, resource);
      const renamed = name === 'Do' ? naming.form(called) : naming.font(called);
      if (renamed === undefined) continue;
      if (name === 'Do') drawn.set(renamed, (drawn.get(renamed) ?? 0) + 1);
      out.text(`/${renamed} `);
      taken.shift();
    }
    for (const operand of taken) {
      if (operand.kind === 'number') out.text(`${numberOf(content, operand)} `);
      else out.token(operand);
    }
    out.text(`${name}\n`);
  }
  out.text('Q\n'.repeat(states));
  return { bytes: out.bytes(), drawn };
}

const textOf = (content: Uint8Array, { from, to }: Token, most: number) =>
  String.fromCharCode(...content.subarray(from, Math.min(to, from + most + 1)));

/** A number as it stands, or what it comes to; 0 for what is none. */
function numberOf(content: Uint8Array, token: Token): string {
  const text = textOf(content, token, NUMBER_CHARACTERS_MAX);
  if (NUMBER.test(text)) return text;
  const value = Number.parseFloat(text);
  return Math.abs(value) < NUMBER_MAX ? value.toFixed(6) : '0';
}

const nameOf = (content: Uint8Array, token: Token) =>
  textOf(content, token, NAME_CHARACTERS_MAX)
    .slice(1)
    .replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

function writer(content: Uint8Array) {
  let out = new Uint8Array(Math.ceil(content.length / 4) + 64);
  let length = 0;
  const reserve = (more: number) => {
    if (length + more <= out.length) return;
    const larger = new Uint8Array(Math.max(length + more, out.length * 2));
    larger.set(out);
    out = larger;
  };
  return {
    text(text: string) {
      reserve(text.length);
      for (let i = 0; i < text.length; i += 1) out[length + i] = text.charCodeAt(i);
      length += text.length;
    },
    token({ from, to }: Token) {
      reserve(to - from + 1);
      out.set(content.subarray(from, to), length);
      length += to - from;
      out[length] = 0x20;
      length += 1;
    },
    bytes: () => out.slice(0, length),
  };
}
