/** A page that follows its customer's changes: its WebSocket, and what it was told. */
import { PORTAL, type Stack } from './stack.ts';

export type Follower = {
  /** Resolves once as many messages were told in all. */
  told(count: number): Promise<string[]>;
  /** The code that the connection is closed with. */
  closed: Promise<number>;
  /** All that was told so far. */
  messages: string[];
  send(text: string): void;
  close(): void;
};

/** The request for a WebSocket as our own page sends it. */
export function askToFollow(
  stack: Stack,
  cookie: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return stack.fetch(`${PORTAL}/api/portal/customer/me/updates`, {
    headers: { Cookie: cookie, Origin: PORTAL, Upgrade: 'websocket', ...headers },
  });
}

/** Opens it. Throws when it is refused. */
export async function follow(stack: Stack, cookie: string): Promise<Follower> {
  const response = await askToFollow(stack, cookie);
  // What the harness gives of the Worker's answer, beside what Node's own type knows.
  const socket = (response as unknown as { webSocket?: WebSocket & { accept(): void } }).webSocket;
  if (response.status !== 101 || !socket) {
    throw new Error(`not followed: ${response.status}`);
  }
  const messages: string[] = [];
  const waiting: [count: number, resolve: (messages: string[]) => void][] = [];
  socket.addEventListener('message', ({ data }) => {
    messages.push(String(data));
    for (const [count, resolve] of waiting) {
      if (messages.length >= count) {
        resolve(messages);
      }
    }
  });
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code));
  });
  socket.accept();
  return {
    told: (count) =>
      messages.length >= count
        ? Promise.resolve(messages)
        : new Promise((resolve) => waiting.push([count, resolve])),
    closed,
    messages,
    send: (text) => socket.send(text),
    close: () => socket.close(1000),
  };
}
