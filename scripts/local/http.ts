import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Readable } from 'node:stream';

/** A server on this machine only; `url` is for people (`localhost`), `loopbackUrl` for programs. */
export type LocalServer = {
  port: number;
  /** `http://localhost:PORT` */
  url: string;
  /** `http://127.0.0.1:PORT`: no name to resolve */
  loopbackUrl: string;
  stop(): Promise<void>;
};

/** What a fetch-style handler may answer besides a response: cut the connection, or never answer. */
export type LocalAnswer = Response | 'drop' | 'hang';

// Another host name means that a web page on the internet resolved its own name to this machine
// (DNS rebinding) and is reading the inbox or the sign-in page through the browser.
const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Starts a node:http server on 127.0.0.1, and on ::1 where the machine has it (browsers may resolve
 * `localhost` to it first). Port 0 takes any free one.
 * Fails with a message for a person when the port is taken.
 */
export async function listen(handler: RequestListener, port = 0): Promise<LocalServer> {
  const guarded: RequestListener = (request, response) => {
    if (OWN_HOST.test(request.headers.host ?? '')) return handler(request, response);
    response.writeHead(421, { 'content-type': 'text/plain' }).end('This server is local.');
  };
  const main = await bind(guarded, '127.0.0.1', port);
  const address = main.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const servers = [main];
  try {
    servers.push(await bind(guarded, '::1', address.port));
  } catch {
    // No IPv6 here, or that half of the port is taken: 127.0.0.1 alone serves.
  }
  return {
    port: address.port,
    url: `http://localhost:${address.port}`,
    loopbackUrl: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

/** Like {@link listen}, for a fetch-style handler (Hono's `app.fetch`). */
export function listenFetch(handler: FetchHandler, port = 0): Promise<LocalServer> {
  return listen(listenerOf(handler), port);
}

export type FetchHandler = (request: Request) => LocalAnswer | Promise<LocalAnswer>;

/** A fetch-style handler as node:http calls one. */
export function listenerOf(handler: FetchHandler): RequestListener {
  return async (incoming, outgoing) => {
    try {
      const answer = await handler(toRequest(incoming));
      if (answer === 'hang') return;
      if (answer === 'drop') {
        incoming.socket.destroy();
        return;
      }
      const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers);
      const cookies = answer.headers.getSetCookie();
      if (cookies.length > 0) headers['set-cookie'] = cookies;
      outgoing.writeHead(answer.status, headers);
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      console.error(error);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    }
  };
}

/**
 * The whole body, or null when it is longer than `maxBytes`; read to its end all the same, because
 * cutting the connection would lose the answer that says so.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  return length > maxBytes ? null : Buffer.concat(chunks).toString('utf8');
}

function bind(handler: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 }, handler);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(new Error(`Port ${port} is taken. Stop what uses it or set PORT.`, { cause: error }));
    });
    server.listen({ host, port, ipv6Only: host === '::1' }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function toRequest(incoming: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const method = incoming.method ?? 'GET';
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  // `duplex` is asked for by Node's fetch and missing from the DOM's types.
  const init = { method, headers, body: Readable.toWeb(incoming), duplex: 'half' } as RequestInit;
  return new Request(url, init);
}
