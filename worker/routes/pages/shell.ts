import type { Context } from 'hono';
import type { AppEnv } from '../../access/guards.ts';
import { AppError } from '../../errors.ts';
import { writeJson } from '../written-json.ts';

/** JSON inside a script element: nothing in it can end the element or start a comment. */
function inlineJson(value: unknown): string {
  return writeJson(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A built shell with what its first paint needs, so that the page needs no second round trip: its data,
 * the words of its language alone, and the code of its own part of the app.
 *
 * @param path the shell in the assets, e.g. `/portal/index.html`
 */
export async function readShell(
  c: Context<AppEnv>,
  path: string,
  { part, ...page }: { locale: string; part?: string; resources: Record<string, unknown> },
  accentOf: string | null,
): Promise<string> {
  const response = await c.env.ports.assets.fetch(new Request(new URL(path, c.req.url)));
  if (!response.ok) {
    throw new AppError('internal', `no shell at ${path}: is the web app built?`);
  }
  const shell = await response.text();
  const head = [
    accentOf === null ? '' : `<link rel="stylesheet" href="/brand/${accentOf}/accent.css">`,
    `<script type="application/json" id="page">${inlineJson(page)}</script>`,
  ].join('');
  const wanted: (string | undefined)[] = [page.locale, part];
  return shell
    .replace(/<link[^>]* data-for="(\w+)"[^>]*>\s*/g, (link, part: string) =>
      wanted.includes(part) ? link : '',
    )
    .replace(/<html lang="[^"]*"/, `<html lang="${page.locale}"`)
    .replace('</head>', () => `${head}</head>`);
}
