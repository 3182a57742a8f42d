import { appendFile, readFile, writeFile } from 'node:fs/promises';

/** A mail as it was accepted; times are ISO 8601 in UTC. */
export type ReceivedMail = {
  id: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
  createdAt: string;
};

/** What was answered to an Idempotency-Key, so that the same question gets the same answer. */
export type KeptAnswer = { key: string; bodyHash: string; ids: string[]; at: number };

export type MailStore = {
  /** Newest first. */
  mails(): ReceivedMail[];
  find(id: string): ReceivedMail | undefined;
  answerTo(key: string): KeptAnswer | undefined;
  add(mails: ReceivedMail[], answer: KeptAnswer | null): Promise<void>;
  clear(): Promise<void>;
};

type StoreLine = { mails: ReceivedMail[]; answer: KeptAnswer | null };

/** Resend remembers an Idempotency-Key this long. */
const KEY_MEMORY_MS = 24 * 3600 * 1000;

/**
 * The accepted mails, in memory and, with `file`, as JSON lines that survive a restart: one line an
 * accepted request, so that its mails and its idempotency key are kept or lost together.
 */
export async function openMailStore(file: string | undefined): Promise<MailStore> {
  const accepted: ReceivedMail[] = [];
  const answers = new Map<string, KeptAnswer>();
  const remember = ({ mails, answer }: StoreLine) => {
    accepted.push(...mails);
    if (answer !== null) answers.set(answer.key, answer);
  };
  for (const line of await linesOf(file)) remember(JSON.parse(line));

  return {
    mails: () => accepted.toReversed(),
    find: (id) => accepted.find((mail) => mail.id === id),
    answerTo: (key) => {
      const answer = answers.get(key);
      return answer && Date.now() - answer.at < KEY_MEMORY_MS ? answer : undefined;
    },
    add: async (mails, answer) => {
      if (file !== undefined) await appendFile(file, `${JSON.stringify({ mails, answer })}\n`);
      remember({ mails, answer });
    },
    clear: async () => {
      accepted.length = 0;
      answers.clear();
      if (file !== undefined) await writeFile(file, '');
    },
  };
}

/** The file's complete lines: one that a kill cut short was never answered. */
async function linesOf(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  try {
    const text = await readFile(file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await writeFile(file, whole);
    return whole.split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
