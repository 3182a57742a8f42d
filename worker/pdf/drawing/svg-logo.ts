/**
 * A logo in SVG, if it is of filled shapes and nothing else: those a page can draw as they are.
 * Anything more (styles, transforms, strokes, gradients, text, images) is for a browser.
 */
import { type Ink, inkOf } from './inks.ts';
import { pathOf } from './svg-path.ts';

export type SvgShape = { path: string; ink: Ink; evenOdd: boolean };
export type SvgLogo = {
  box: { x: number; y: number; width: number; height: number };
  shapes: SvgShape[];
};

/** A path of more would cost a page's time. */
const COMMANDS_MAX = 4_000;

const SKIPPED = /\s+|<\?[^>]*\?>|<!--[\s\S]*?-->|<(title|desc|metadata)\b[^>]*>[^<]*<\/\1\s*>/y;
const TAG = /<(\/?)([A-Za-z]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Attributes that change nothing that is drawn here. */
const IDLE =
  /^(?:xmlns(?::\w+)?|id|version|baseProfile|role|aria-[a-z]+|data-[\w-]+|xml:space|preserveAspectRatio|clip-rule)$/;
const MEANT: Record<string, readonly string[]> = {
  svg: ['viewBox', 'width', 'height', 'x', 'y', 'fill', 'fill-rule'],
  g: ['fill', 'fill-rule'],
  path: ['d', 'fill', 'fill-rule'],
  rect: ['x', 'y', 'width', 'height', 'fill'],
  circle: ['cx', 'cy', 'r', 'fill'],
  ellipse: ['cx', 'cy', 'rx', 'ry', 'fill'],
  polygon: ['points', 'fill', 'fill-rule'],
};
const NAMED: Record<string, string> = {
  black: '#000000',
  currentcolor: '#000000',
  white: '#ffffff',
};

type Attributes = ReadonlyMap<string, string>;
type Fill = { fill: string; evenOdd: boolean };

/** The shapes, or null when the file is not as simple as that. */
export function readSvgLogo(source: string): SvgLogo | null {
  const tags = readTags(source);
  const root = tags?.[0];
  const box = root?.name === 'svg' && root.opens ? readBox(root.attributes) : null;
  if (!tags || !box) return null;

  const shapes: SvgShape[] = [];
  const inherited: Fill[] = [{ fill: 'black', evenOdd: false }];
  let commands = 0;
  for (const { name, opens, closes, attributes } of tags) {
    if (!opens) {
      inherited.pop();
      continue;
    }
    const above = inherited.at(-1);
    if (!above) return null;
    const rule = attributes.get('fill-rule');
    const own: Fill = {
      fill: attributes.get('fill') ?? above.fill,
      evenOdd: rule === undefined ? above.evenOdd : rule === 'evenodd',
    };
    if (!closes) inherited.push(own);
    if (name === 'svg' || name === 'g' || own.fill === 'none') continue;
    const ink = inkOf(NAMED[own.fill.toLowerCase()] ?? own.fill);
    const read = pathOf(shapePath(name, attributes));
    if (!ink || !read) return null;
    commands += read.commands;
    if (commands > COMMANDS_MAX) return null;
    shapes.push({ path: read.path, ink, evenOdd: own.evenOdd });
  }
  return inherited.length === 1 && shapes.length > 0 ? { box, shapes } : null;
}

type Tag = { name: string; opens: boolean; closes: boolean; attributes: Attributes };

/** The tags in order, or null where there is anything that is not meant. */
function readTags(source: string): Tag[] | null {
  const text = source.replace(/^\ufeff/, '');
  const tags: Tag[] = [];
  for (let at = 0; at < text.length; ) {
    SKIPPED.lastIndex = at;
    if (SKIPPED.test(text)) {
      at = SKIPPED.lastIndex;
      continue;
    }
    TAG.lastIndex = at;
    const [, slash, name = '', list = '', selfClosing] = TAG.exec(text) ?? [];
    const meant = MEANT[name];
    if (slash === undefined || !meant || (name === 'svg' && !slash && tags.length > 0)) return null;
    const attributes = new Map<string, string>();
    for (const [, key = '', double, single] of list.matchAll(ATTRIBUTE)) {
      if (IDLE.test(key)) continue;
      if (!meant.includes(key)) return null;
      attributes.set(key, (double ?? single ?? '').trim());
    }
    tags.push({ name, opens: slash === '', closes: selfClosing === '/', attributes });
    at = TAG.lastIndex;
  }
  return tags;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:px)?$/;

function number(attributes: Attributes, name: string, otherwise = '0'): number {
  const value = attributes.get(name) ?? otherwise;
  return NUMBER.test(value) ? Number.parseFloat(value) : Number.NaN;
}

function readBox(attributes: Attributes): SvgLogo['box'] | null {
  const [x, y, width, height, ...more] = (attributes.get('viewBox') ?? '')
    .split(/[\s,]+/)
    .map(Number);
  const box =
    attributes.has('viewBox') && more.length === 0
      ? { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }
      : { x: 0, y: 0, width: number(attributes, 'width'), height: number(attributes, 'height') };
  const isBox = Object.values(box).every(Number.isFinite) && box.width > 0 && box.height > 0;
  return isBox ? box : null;
}

/** The shape as path data. A number that cannot be read makes it a path that cannot be read. */
function shapePath(name: string, attributes: Attributes): string {
  const at = (key: string) => number(attributes, key);
  if (name === 'rect') {
    return `M${at('x')} ${at('y')}h${at('width')}v${at('height')}h${-at('width')}Z`;
  }
  if (name === 'circle' || name === 'ellipse') {
    const rx = at(name === 'circle' ? 'r' : 'rx');
    const ry = at(name === 'circle' ? 'r' : 'ry');
    const half = (to: number) => `A${rx} ${ry} 0 1 0 ${to} ${at('cy')}`;
    const [west, east] = [at('cx') - rx, at('cx') + rx];
    return `M${west} ${at('cy')}${half(east)}${half(west)}Z`;
  }
  return name === 'polygon' ? `M${attributes.get('points') ?? ''}Z` : (attributes.get('d') ?? '');
}
