// What became of a press, a choice, a command or a form: the server tells by socket, the request that started
// it answers by HTTP, and either may arrive first. This keeps the two together.

import { act, Refused } from "./api.js";

const FAILED = "This interaction failed";

export class Interactions {
  constructor() {
    this.waiting = new Map();
    this.early = new Map();
    this.starting = 0;
    this.modals = [];
    /** Set by the page: shows a form the bot has opened. */
    this.openModal = () => {};
  }

  /**
   * Start one; resolves with null when the bot has answered, or with the sentence to show when it has not.
   * `verb` and `args` are the action of the people's API.
   */
  async begin(as, verb, args) {
    this.starting += 1;
    let id;
    try {
      id = await act(as, verb, args);
    } catch (problem) {
      if (problem instanceof Refused) return problem.message;
      throw problem;
    } finally {
      this.starting -= 1;
    }
    const outcome = this.early.has(id)
      ? Promise.resolve(this.early.get(id))
      : new Promise((resolve) => this.waiting.set(id, { resolve }));
    this.mine = id;
    this.releaseModals();
    if (this.starting === 0) this.early.clear();
    return outcome;
  }

  /** Take an event of the socket; true when it was about an interaction. */
  hear({ type, data }) {
    if (type === "modal_open") {
      this.modals.push(data);
      this.releaseModals();
    } else if (type === "interaction_done") {
      this.settle(data.id, null);
    } else if (type === "interaction_failed") {
      this.settle(data.id, data.reason || FAILED);
    } else {
      return type === "interaction_pending" || type === "thinking";
    }
    return true;
  }

  settle(id, outcome) {
    const held = this.waiting.get(id);
    this.waiting.delete(id);
    if (held) held.resolve(outcome);
    else if (this.starting) this.early.set(id, outcome);
  }

  /** A form belongs to the window whose interaction opened it, not to the person's other windows. */
  releaseModals() {
    const own = this.modals.find((modal) => modal.interaction_id === this.mine);
    if (own) {
      this.modals = [];
      this.openModal(own);
    } else if (this.starting === 0) {
      this.modals = [];
    }
  }

  /** The connection is gone, and with it whatever was to be heard. */
  abandon() {
    for (const { resolve } of this.waiting.values())
      resolve(`${FAILED}: the connection was lost before the answer came.`);
    this.waiting.clear();
    this.early.clear();
  }
}
