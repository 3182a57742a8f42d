/** What is being typed into a search, and when it is meant. */
import { useEffect, useRef, useState } from 'preact/hooks';

const TYPING_PAUSE_MILLISECONDS = 250;

export type Typed = {
  text: string;
  type: (text: string) => void;
  /** Searches now, as Enter does. */
  settle: () => void;
};

/**
 * @param q what is searched for at the moment; when it changes elsewhere, the field has it
 * @param onSearch told of what is typed, trimmed, once the typing pauses
 */
export function useTyped(q: string, onSearch: (q: string) => void): Typed {
  const [text, type] = useState(q);
  const search = useRef(onSearch);
  search.current = onSearch;
  const wanted = text.trim();
  useEffect(() => {
    // A space that was just typed is kept.
    if (wanted !== q) type(q);
  }, [q]);
  useEffect(() => {
    if (wanted === q) return;
    const timer = setTimeout(() => search.current(wanted), TYPING_PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [wanted, q]);
  return { text, type, settle: () => search.current(wanted) };
}
