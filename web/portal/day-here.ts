/** The day where the reader is (YYYY-MM-DD). */
export function dayHere(): string {
  // Swedes write a day as ISO does.
  return new Date().toLocaleDateString('sv');
}
