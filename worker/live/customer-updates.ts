/**
 * Who of a customer has a page open, and is told that something changed there. One object a customer. It
 * keeps nothing but its connections, which outlive its sleep, and knows nothing but that: what changed
 * each page asks for itself, behind its own session.
 */
import { LIVE_BYE, LIVE_PING, LIVE_PONG, LIVE_TOO_MANY } from '../vocabulary.ts';
import { CHANGED, ENDS_AT, FOLLOWERS_MAX } from './words.ts';

/** What a connection remembers. Milliseconds since 1970. */
type Attachment = { since: number; endsAt: number };

export class CustomerUpdates {
  readonly #state: DurableObjectState;

  constructor(state: DurableObjectState) {
    this.#state = state;
    // Answered without waking the object.
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair(LIVE_PING, LIVE_PONG));
  }

  /** `/follow/{link}` with an upgrade; `POST /changed`; `POST /ended/{link}`. Only the Worker can ask. */
  fetch(request: Request): Response {
    const [, what, link = ''] = new URL(request.url).pathname.split('/');
    switch (what) {
      case 'follow':
        return this.#follow(link, Number(request.headers.get(ENDS_AT)));
      case 'changed':
        this.#tell();
        break;
      case 'ended':
        bye(this.#state.getWebSockets(link));
        break;
    }
    return new Response(null, { status: 204 });
  }

  #follow(link: string, endsAt: number): Response {
    const open = this.#state.getWebSockets();
    const surplus = open.length + 1 - FOLLOWERS_MAX;
    if (surplus > 0) {
      const since = (socket: WebSocket) => attachmentOf(socket).since;
      close(open.toSorted((a, b) => since(a) - since(b)).slice(0, surplus), LIVE_TOO_MANY);
    }
    const { 0: page, 1: ours } = new WebSocketPair();
    this.#state.acceptWebSocket(ours, [link]);
    ours.serializeAttachment({ since: Date.now(), endsAt } satisfies Attachment);
    return new Response(null, { status: 101, webSocket: page });
  }

  #tell(): void {
    const now = Date.now();
    for (const socket of this.#state.getWebSockets()) {
      // A session that is over is told nothing more.
      if (attachmentOf(socket).endsAt <= now) {
        bye([socket]);
      } else {
        send(socket);
      }
    }
  }

  /** Pages say nothing; whatever comes is let pass. */
  webSocketMessage(): void {}

  webSocketClose(): void {}
}

function attachmentOf(socket: WebSocket): Attachment {
  // What was attached above, and nothing else ever is.
  return socket.deserializeAttachment() as Attachment;
}

function send(socket: WebSocket): void {
  try {
    socket.send(CHANGED);
  } catch {
    // It broke a moment ago: its page connects anew.
  }
}

/** Whose session may be over asks at once, and is told why not: a closing alone takes its time to arrive. */
function bye(sockets: readonly WebSocket[]): void {
  sockets.forEach(send);
  close(sockets, LIVE_BYE);
}

function close(sockets: readonly WebSocket[], code: number): void {
  for (const socket of sockets) {
    try {
      socket.close(code);
    } catch {
      // It was closed already.
    }
  }
}
