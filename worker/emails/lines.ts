/** Text that somebody wrote, made fit for a letter. */

/** Text that comes in, as one line: it ends no header, and draws no paragraph of its own. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Lines as somebody wrote them, each as {@link oneLine}; of empty ones in a row, one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map(oneLine);
  return lines.filter((line, at) => line !== '' || (lines[at - 1] ?? '') !== '');
}
