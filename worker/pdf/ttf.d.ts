/** A font file, bundled as bytes (see `rules` in wrangler.toml). */
declare module '*.ttf' {
  const bytes: ArrayBuffer;
  export default bytes;
}
