/** Which object stands first in a written file. */
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFInvalidObject,
  type PDFObject,
  type PDFRef,
  PDFStream,
} from '@cantoo/pdf-lib';

/**
 * Gives an object the lowest number, since pdf-lib writes by number; the one that had it takes the
 * object's own. Both are renamed wherever they are referred to. A file with an object that is kept as
 * it stood keeps its numbers: there, references are text.
 */
export function putFirst(context: PDFContext, own: PDFRef): void {
  const objects = context.enumerateIndirectObjects();
  const [first] = objects[0] ?? [];
  if (!first || first === own || objects.some(([, object]) => object instanceof PDFInvalidObject)) {
    return;
  }
  const swapped = (object: PDFObject): PDFObject =>
    object === first ? own : object === own ? first : object;
  const done = new Set<PDFObject>();
  const todo: PDFObject[] = objects.map(([, object]) => object);
  for (let object = todo.pop(); object; object = todo.pop()) {
    // Twice would undo it.
    if (done.has(object)) continue;
    done.add(object);
    if (object instanceof PDFStream) {
      todo.push(object.dict);
    } else if (object instanceof PDFDict) {
      for (const [key, value] of object.entries()) {
        object.set(key, swapped(value));
        todo.push(value);
      }
    } else if (object instanceof PDFArray) {
      for (const [index, value] of object.asArray().entries()) {
        object.set(index, swapped(value));
        todo.push(value);
      }
    }
  }
  const { trailerInfo } = context;
  for (const key of ['Root', 'Info', 'ID'] as const) {
    const value = trailerInfo[key];
    if (value) trailerInfo[key] = swapped(value);
  }
  const [ours, theirs] = [context.lookup(own), context.lookup(first)];
  if (ours && theirs) {
    context.assign(first, ours);
    context.assign(own, theirs);
  }
}
