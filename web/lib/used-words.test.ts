/** Words that nothing shows are words that three languages keep for nobody. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

type Branch = { [name: string]: string | Branch };

/** Every message's path; a plural is one message. */
function pathsOf(branch: Branch, path: string[] = []): string[] {
  return Object.entries(branch).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value.other === 'string'
      ? [[...path, name].join('.')]
      : pathsOf(value, [...path, name]),
  );
}

type Named = { whole: Set<string>; holed: Set<string> };

/** Adds the paths that a module may name: a text as it stands, a template with anything in its holes. */
function nameFrom(source: string, { whole, holed }: Named): void {
  const file = ts.createSourceFile(
    'x.tsx',
    source,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node)) whole.add(node.text);
    if (ts.isTemplateExpression(node)) {
      const texts = [node.head, ...node.templateSpans.map(({ literal }) => literal)]
        .map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('[\\w.]+');
      // Holes alone would name every message.
      if (texts.includes('\\.')) holed.add(`^${texts}$`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

const web = join(import.meta.dirname, '..');
const named: Named = { whole: new Set(), holed: new Set() };
for (const name of readdirSync(web, { recursive: true, encoding: 'utf8' })) {
  if (/\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name)) {
    nameFrom(readFileSync(join(web, name), 'utf8'), named);
  }
}
const holed = [...named.holed].map((text) => new RegExp(text));
const isNamed = (path: string) => named.whole.has(path) || holed.some((text) => text.test(path));
const catalogues = readdirSync(join(web, 'locales')).filter((name) => /\ben\.json$/.test(name));

describe('messages', () => {
  it('are found by their paths, whole or with holes', () => {
    const found: Named = { whole: new Set(), holed: new Set() };
    nameFrom(`t('a.b'); t(\`c.\${d}.e\`); \`\${f}-\${g}\``, found);
    expect([...found.whole]).toEqual(['a.b']);
    expect([...found.holed]).toEqual(['^c\\.[\\w.]+\\.e$']);
  });

  it('are looked at in every catalogue', () => {
    expect(catalogues.length).toBeGreaterThan(5);
  });

  it.each(catalogues)('%s has none that nothing names', (name) => {
    const messages = JSON.parse(readFileSync(join(web, 'locales', name), 'utf8'));
    expect(pathsOf(messages).filter((path) => !isNamed(path))).toEqual([]);
  });
});
