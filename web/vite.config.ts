import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** The order of the cascade's layers; tokens.css says what each is for. */
const LAYERS = '@layer tokens,base,components,pages;';

/**
 * Puts the order of the layers first in every stylesheet: the build decides which sheet a browser
 * reads first, and the first mention of a layer fixes its place.
 */
function orderLayers(): Plugin {
  return {
    name: 'order-layers',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        file.source = LAYERS + String(file.source);
      }
    },
  };
}

/** A class by its name and its file. The line of its rule, as is usual, is weight that every view carries. */
function scopedName(name: string, file: string): string {
  const hash = createHash('sha256').update(relative(import.meta.dirname, file));
  return `${name}_${hash.digest('base64url').slice(0, 5)}`;
}

/** Code that one page alone needs at once, by the name that the Worker asks for it under. */
const OF_PAGE: Record<string, string> = { 'home-view': 'home', 'order-view': 'order' };

/**
 * Tells each page's shell where the words of each language are, and the code of some pages: the Worker
 * knows the reader's language and the page, and leaves these links alone. So they are fetched beside the
 * first code, not after it.
 */
function linkParts(): Plugin {
  return {
    name: 'link-parts',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle).flatMap((file) => {
          const path = (file.type === 'chunk' && file.facadeModuleId) || '';
          const [, locale] = /\/locales\/(\w\w)\.json$/.exec(path) ?? [];
          const [, name = ''] = /\/([\w-]+)\.tsx$/.exec(path) ?? [];
          const part = locale ?? OF_PAGE[name];
          if (part === undefined || file.type !== 'chunk') return [];
          const link = (attrs: Record<string, string>) => ({
            tag: 'link',
            attrs: { ...attrs, 'data-for': part },
            injectTo: 'head' as const,
          });
          const styles = [...(file.viteMetadata?.importedCss ?? [])];
          return [
            link({ rel: 'modulepreload', href: `/${file.fileName}` }),
            ...styles.map((style) => link({ rel: 'stylesheet', href: `/${style}` })),
          ];
        }),
    },
  };
}

/** One entry's build. Apart, since what two entries share would hold what either of them uses. */
const entry = (name: string, path: string) => ({
  consumer: 'client' as const,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    rolldownOptions: {
      input: { [name]: `${import.meta.dirname}/${path}` },
      // A constant of the vocabulary is where it is used, and none of the first view's.
      optimization: { inlineConst: { mode: 'all' as const } },
      output: {
        // Many small files compress badly, and each one's imports are told only when it has come.
        // What only pages fetched later share is theirs, and no first view's.
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: /^(?!.*\/portal\/(?:filters|lines|money)\/)/,
              minShareCount: 2,
            },
          ],
        },
        // The pages that the Worker draws itself link this one by name.
        assetFileNames: ({ names }: { names: string[] }) =>
          names.includes('public.css') ? 'assets/public.css' : 'assets/[name]-[hash][extname]',
      },
    },
  },
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false }), orderLayers(), linkParts()],
  css: { modules: { localsConvention: 'camelCaseOnly', generateScopedName: scopedName } },
  build: {
    target: ['es2022', 'chrome119', 'firefox128', 'safari17'],
    // The Content-Security-Policy allows no inline script, so no data: URLs either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  environments: {
    portal: entry('portal', 'portal/index.html'),
    admin: entry('admin', 'admin/index.html'),
    public: entry('public', 'styles/public.css'),
  },
  builder: {
    async buildApp({ build, environments }) {
      await rm(`${import.meta.dirname}/dist`, { recursive: true, force: true });
      for (const name of ['portal', 'admin', 'public']) {
        const environment = environments[name];
        if (environment) await build(environment);
      }
    },
  },
});
