/**
 * Work that may be asked for while it is being done: then it is done once more, and not once for each time.
 *
 * @param run never rejects
 */
export function oneAtATime(run: () => Promise<void>): {
  ask(): void;
  /** Resolves when all that was asked for is done. */
  done(): Promise<void>;
} {
  let going: Promise<void> | null = null;
  let isWanted = false;
  const go = async () => {
    while (isWanted) {
      isWanted = false;
      await run();
    }
    going = null;
  };
  return {
    ask() {
      isWanted = true;
      going ??= go();
    },
    done: async () => {
      await going;
    },
  };
}
