const encoder = new TextEncoder();

/** A text's bytes in UTF-8, in a buffer of their own. */
export const utf8 = (text: string) =>
  // Its declarations leave open which buffer: it is a new one.
  encoder.encode(text) as Uint8Array<ArrayBuffer>;
