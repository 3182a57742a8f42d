/** Which of two encodings of one byte a letter a text was written in: by letters, never by proof. */

const POLISH = /[ąćęłńóśźż]/giu;

/**
 * What windows-1250 becomes when it is read as windows-1252: signs and letters where no word has
 * them. `¿Qué?`, `£5`, `m³`, `ñ` and `œ` of Spanish and French words are none.
 */
const MISREAD_AS_1252 =
  /[\u0080-\u009f]|[¯£¥](?=\p{L})|(?<=\p{L})[¿¯£¥]|(?<=\p{L}{3})[¹³]|[¹³](?=\p{L})|Ÿ(?=\p{Ll})|(?<=\p{L})Ÿ|ñ(?![aeiouáéíóúü])|œ(?!u|il)/giu;

/** What windows-1252 becomes when it is read as windows-1250: letters that Polish does not have. */
const MISREAD_AS_1250 = /[\u0080-\u009fŕĺčěďđňőřůűţăşľťžš]/giu;

const countOf = (text: string, letters: RegExp): number => text.match(letters)?.length ?? 0;

/**
 * Whether bytes read better as windows-1250, as Excel writes them in Poland, than as windows-1252:
 * they give more Polish letters, and fewer that fit nowhere.
 */
export function isPolish(as1250: string, as1252: string): boolean {
  return (
    countOf(as1250, POLISH) > countOf(as1252, POLISH) &&
    countOf(as1250, MISREAD_AS_1250) < countOf(as1252, MISREAD_AS_1252)
  );
}
