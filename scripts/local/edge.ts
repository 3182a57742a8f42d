/**
 * What Cloudflare's edge does for machines in front of an application behind Access: a request with a
 * service token's `CF-Access-Client-Id` and `CF-Access-Client-Secret` goes on to the Worker with the
 * token that Access makes of them, and without the secret; any other is sent to the sign-in page.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/service-credentials/service-tokens/
 */
import { type IncomingMessage, type RequestListener, request } from 'node:http';
import { pipeline } from 'node:stream';

/** Gives the Access token of a client id and secret; null for one that Access does not know. */
export type TokenOf = (clientId: string, clientSecret: string) => Promise<string | null>;

/** Headers that only the edge may set, and those of the connection to it. */
const NOT_PASSED_ON = /^(cf-|connection$|keep-alive$|host$)/;

/**
 * Passes a machine's requests on to `upstream`, the Worker's origin; bodies are streamed both ways. The
 * sign-in page is at the root of this server.
 */
export function passOn(upstream: string, tokenOf: TokenOf): RequestListener {
  return async (incoming, outgoing) => {
    const id = headerOf(incoming, 'cf-access-client-id');
    const secret = headerOf(incoming, 'cf-access-client-secret');
    if (id === null && secret === null) {
      // Answered before its body has come: that is let through unread.
      incoming.resume();
      outgoing.writeHead(302, { location: '/' }).end();
      return;
    }
    const token = await tokenOf(id ?? '', secret ?? '');
    if (token === null) {
      incoming.resume();
      outgoing.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Forbidden</h1>');
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !NOT_PASSED_ON.test(name)),
    );
    const { method = 'GET', url = '/' } = incoming;
    const onward = request(new URL(url, upstream), {
      method,
      headers: { ...headers, 'cf-access-jwt-assertion': token },
    });
    onward.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, outgoing, () => {});
    });
    pipeline(incoming, onward, (error) => {
      // A Worker that answers without reading all of the body ends it with an error, and has answered.
      if (error && !outgoing.headersSent) {
        outgoing
          .writeHead(502, { 'content-type': 'text/plain' })
          .end('The Worker does not answer.');
      }
    });
  };
}

function headerOf(incoming: IncomingMessage, name: string): string | null {
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : null;
}
