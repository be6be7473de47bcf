// The only door from the page to the server: four requests and one socket, all on this machine.

/** The server said no; `message` is a sentence for the person. */
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

const get = (path, query = {}) => answerOf(fetch(`${path}?${new URLSearchParams(query)}`));

const post = (path, body) =>
  answerOf(
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );

export const personas = () => get("/page/personas");
export const snapshot = (as) => get("/page/snapshot", { as });
export const history = (as, channel, before) => get("/page/history", { as, channel, before });
export const act = async (as, verb, args = {}) => (await post("/page/act", { as, do: verb, ...args })).result;
export const moveClock = (verb) => post("/page/clock", { do: verb });

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/**
 * The events of one pair of eyes. Reconnects for ever, waiting longer each time, at once when the
 * machine wakes or the person asks. `onReady` runs at every (re)connection, before any event:
 * the listener reads a fresh snapshot then, since events missed meanwhile are not replayed.
 */
export class Live {
  constructor(as, { onReady, onEvent, onLost }) {
    this.as = as;
    this.heard = { onReady, onEvent, onLost };
    this.wait = FIRST_WAIT;
    this.closed = false;
    this.retryNow = () => {
      if (this.socket || this.closed) return;
      clearTimeout(this.timer);
      this.connect();
    };
    window.addEventListener("online", this.retryNow);
    this.connect();
  }

  connect() {
    const socket = new WebSocket(`ws://${location.host}/page/live?as=${encodeURIComponent(this.as)}`);
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => {
      if (this.closed) return;
      const event = JSON.parse(data);
      if (event.type !== "ready") return this.heard.onEvent(event);
      this.wait = FIRST_WAIT;
      this.heard.onReady();
    });
    socket.addEventListener("close", () => {
      this.socket = null;
      if (this.closed) return;
      this.heard.onLost();
      this.timer = setTimeout(this.retryNow, this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  /** Drop the connection and make a new one, as after a loss. */
  again() {
    this.socket?.close();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.retryNow);
    this.socket?.close();
  }
}
