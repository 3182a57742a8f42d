import { readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';

/** Fonts as bytes, as wrangler bundles them. */
export const fonts: Plugin = {
  name: 'fonts',
  enforce: 'pre',
  load(id) {
    return id.endsWith('.ttf')
      ? `export default Uint8Array.from(atob('${readFileSync(id, 'base64')}'), (c) => c.charCodeAt(0)).buffer`
      : undefined;
  },
};
