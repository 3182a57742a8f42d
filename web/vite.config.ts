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

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false }), orderLayers()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['es2022', 'chrome119', 'firefox128', 'safari17'],
    // The Content-Security-Policy allows no inline script, so no data: URLs either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        portal: `${import.meta.dirname}/portal/index.html`,
        admin: `${import.meta.dirname}/admin/index.html`,
        public: `${import.meta.dirname}/styles/public.css`,
      },
      output: {
        // What both apps share would be named after one of its modules.
        // The viewer stays out of it: customers fetch it when they open a document.
        codeSplitting: {
          groups: [{ name: 'shared', minShareCount: 2, test: (id) => !id.includes('/ui/Viewer.') }],
        },
        // The pages that the Worker draws itself link this one by name.
        assetFileNames: ({ names }) =>
          names.includes('public.css') ? 'assets/public.css' : 'assets/[name]-[hash][extname]',
      },
    },
  },
});
