/** Words that a person reads are in the locales: none is written into a component. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOTS = ['portal', 'exports', 'ui', 'lib'];
const WORDED_ATTRIBUTES = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'text']);
const WORD = /\p{L}{2,}/u;

/** The words in a component's markup that no locale knows, with their lines. */
function hardCodedWords(source: string): string[] {
  const file = ts.createSourceFile(
    'x.tsx',
    source,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const found: string[] = [];
  const note = (node: ts.Node, text: string) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    if (WORD.test(text)) found.push(`${line + 1}: ${text.trim()}`);
  };
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node)) note(node, node.text);
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent)) {
      if (ts.isStringLiteralLike(node.expression)) note(node, node.expression.text);
    }
    if (ts.isJsxAttribute(node) && WORDED_ATTRIBUTES.has(node.name.getText())) {
      const value = node.initializer;
      if (value && ts.isStringLiteral(value)) note(node, value.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const web = join(import.meta.dirname, '..');
const components = ROOTS.flatMap((root) =>
  readdirSync(join(web, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => join(root, name)),
);

describe('words in components', () => {
  it('finds what is hard-coded', () => {
    expect(hardCodedWords('<p>Hello {name}</p>')).toEqual(['1: Hello']);
    expect(hardCodedWords('<img alt="A logo" />')).toEqual(['1: A logo']);
    expect(hardCodedWords("<p>{'Hello'}</p>")).toEqual(['1: Hello']);
    expect(hardCodedWords("<p class='x'>{t('a.b')} · 12</p>")).toEqual([]);
  });

  it('looks at components', () => {
    expect(components.length).toBeGreaterThan(20);
  });

  it.each(components)('%s has none of its own, and no inline style', (name) => {
    const source = readFileSync(join(web, name), 'utf8');
    expect(hardCodedWords(source)).toEqual([]);
    expect(source).not.toMatch(/\sstyle=/);
  });
});
