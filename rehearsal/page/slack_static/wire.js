// The only door from this page to the server: two questions, one way to act and one socket.

export class Refused extends Error {}

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused("The rehearsal cannot be reached. Is it still running in the terminal?");
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  throw new Refused(body?.error ?? `The rehearsal answered with an error (${response.status}).`);
}

export const personas = () => answerOf(fetch("/slack/page/personas"));

const asked = (persona) => new URLSearchParams({ team: persona.team, as: persona.id });

export const snapshot = (persona) => answerOf(fetch(`/slack/page/snapshot?${asked(persona)}`));

export const act = async (persona, verb, args = {}) =>
  (
    await answerOf(
      fetch("/slack/page/act", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ team: persona.team, as: persona.id, do: verb, ...args }),
      }),
    )
  ).result;

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** The events of one pair of eyes; reconnects for ever. `onReady` runs at each connection: read a snapshot then. */
export class Live {
  constructor(persona, { onReady, onEvent, onLost }) {
    this.persona = persona;
    this.heard = { onReady, onEvent, onLost };
    this.wait = FIRST_WAIT;
    this.closed = false;
    this.connect();
  }

  connect() {
    const socket = new WebSocket(`ws://${location.host}/slack/page/live?${asked(this.persona)}`);
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => {
      if (this.closed) return undefined;
      const event = JSON.parse(data);
      if (event.type !== "ready") return this.heard.onEvent(event);
      this.wait = FIRST_WAIT;
      return this.heard.onReady();
    });
    socket.addEventListener("close", () => {
      this.socket = null;
      if (this.closed) return;
      this.heard.onLost();
      this.timer = setTimeout(() => this.retryNow(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  /** Drop the connection and make a new one, as after a loss. */
  again() {
    this.socket?.close();
  }

  retryNow() {
    if (this.socket || this.closed) return;
    clearTimeout(this.timer);
    this.connect();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }
}
