import { degrees, drawSvgPath, rgb } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import { readSvgLogo } from './svg-logo.ts';
import { pathOf } from './svg-path.ts';

const AT = {
  x: 0,
  y: 0,
  rotate: degrees(0),
  scale: 1,
  color: rgb(0, 0, 0),
  borderColor: undefined,
  borderWidth: 0,
};
const svg = (inner: string, attributes = 'viewBox="0 0 10 20"') =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inner}</svg>`;

describe('pathOf', () => {
  it.each([
    ['M0 0L10,5Z', 'M 0 0 L 10 5 Z'],
    ['m1-1.5.5 2z', 'M 1 -1.5 l 0.5 2 Z'],
    ['M0 0 1 1 2 2', 'M 0 0 L 1 1 L 2 2'],
    ['M0 0a1 1 0 01.5.5', 'M 0 0 a 1 1 0 0 1 0.5 0.5'],
    ['M0 0c1 1 2 2 3 3s1 1 2 2', 'M 0 0 c 1 1 2 2 3 3 s 1 1 2 2'],
    ['M1e2 -1E-1', 'M 100 -0.1'],
  ])('writes out %s', (source, path) => {
    expect(pathOf(source)?.path).toBe(path);
  });

  it.each([
    '',
    'L1 1',
    'M0',
    'M0 0 L1',
    'M0 0 X',
    'M0 0 L1 NaN',
    'M0 0 L9e9 0',
    'M0 0 s1 1 2 2',
    'M0 0a0 1 0 0 1 2 2',
    'M0 0a1 1 0 2 1 2 2',
  ])('refuses "%s"', (source) => {
    expect(pathOf(source)).toBeNull();
  });
});

describe('readSvgLogo', () => {
  it('reads filled shapes, groups and what they inherit', () => {
    const logo = readSvgLogo(
      svg(`<title>Acme</title><!-- a --><g fill="#f00"><path d="M0 0h5v5z" fill-rule="evenodd"/>
        <circle cx="5" cy="5" r="2" fill="#00ff00"/></g><rect width="1" height="2"/>
        <polygon points="0,0 1,1 0,1" fill="white"/><rect width="9" height="9" fill="none"/>`),
    );
    expect(logo?.box).toEqual({ x: 0, y: 0, width: 10, height: 20 });
    expect(logo?.shapes.map(({ ink, evenOdd }) => [ink, evenOdd])).toEqual([
      [[1, 0, 0], true],
      [[0, 1, 0], false],
      [[0, 0, 0], false],
      [[1, 1, 1], false],
    ]);
  });

  it('takes its size from its attributes where it has no box', () => {
    const logo = readSvgLogo(svg('<rect width="1" height="1"/>', 'width="30px" height="40"'));
    expect(logo?.box).toEqual({ x: 0, y: 0, width: 30, height: 40 });
  });

  it('makes paths of numbers that pdf-lib draws as numbers', () => {
    const logo = readSvgLogo(
      svg('<ellipse cx="5" cy="5" rx="4" ry="2"/><path d="M0 0q1 1 2 0t2 0"/>'),
    );
    for (const { path } of logo?.shapes ?? []) {
      const drawn = drawSvgPath(path, AT).join(' ');
      expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
      expect(drawn.length).toBeGreaterThan(10);
    }
    expect(logo?.shapes).toHaveLength(2);
  });

  it.each([
    ['a transform', '<g transform="scale(2)"><rect width="1" height="1"/></g>'],
    ['a style', '<rect width="1" height="1" style="fill:red"/>'],
    ['a style sheet', '<style>rect{fill:red}</style><rect width="1" height="1"/>'],
    ['a class', '<rect width="1" height="1" class="a"/>'],
    ['a stroke', '<rect width="1" height="1" stroke="red"/>'],
    ['a gradient', '<rect width="1" height="1" fill="url(#a)"/>'],
    ['a colour by an unknown name', '<rect width="1" height="1" fill="salmon"/>'],
    ['opacity', '<rect width="1" height="1" opacity="0.5"/>'],
    ['text', '<text>Acme</text>'],
    ['an image', '<image href="https://example.com/a.png"/>'],
    ['a script', '<script>alert(1)</script>'],
    ['an inner drawing', '<svg><rect width="1" height="1"/></svg>'],
    ['a group that stays open', '<g><rect width="1" height="1"/>'],
    ['a size that is no number', '<rect width="50%" height="1"/>'],
    ['nothing to draw', '<g/>'],
    ['more than a logo has', `<path d="M0 0${'h1'.repeat(5000)}"/>`],
  ])('refuses %s', (_, inner) => {
    expect(readSvgLogo(svg(inner))).toBeNull();
  });

  it('refuses what is no drawing, and entities', () => {
    expect(readSvgLogo('')).toBeNull();
    expect(readSvgLogo('plain text')).toBeNull();
    expect(readSvgLogo('<g/>')).toBeNull();
    expect(readSvgLogo(svg('<rect width="1" height="1"/>', ''))).toBeNull();
    const entity = '<!DOCTYPE svg [<!ENTITY a "b">]>';
    expect(readSvgLogo(entity + svg('<rect width="1" height="1"/>'))).toBeNull();
  });
});
