// Where a ballot waits until it is cast: in this browser where it is the voter's own, else in this page alone.
import type { Asked, Token } from "./ballot-token";

const prefix = "jalon.ballot.";

/** What has been done of a ballot so far. It knows its edition and nobody's name. */
export interface Draft {
  asked?: Asked;
  token?: Token;
  /** The step at which its writer is. */
  step: number;
  /** By the code of the statement. */
  answers: Record<string, number>;
  /** By the code of the theme. */
  comments: Record<string, string>;
  /** It was sent at least once: what counts may be in already, so that nothing is changed any more. */
  sent?: boolean;
}

export class Shelf {
  readonly name: string;
  #own = false;

  constructor(edition: string, voter: string) {
    this.name = `${prefix}${edition}.${voter}`;
    this.#forgetOthers(`${prefix}${edition}.`);
  }

  /** Whether drafts are kept in this browser. */
  get own(): boolean {
    return this.#own;
  }

  /** Finds what was begun in this browser. */
  find(): Draft | undefined {
    try {
      const kept = localStorage.getItem(this.name);
      if (kept === null) return undefined;
      this.#own = true;
      return JSON.parse(kept) as Draft;
    } catch {
      return undefined; // no storage, or nothing that could be read: as if there were none
    }
  }

  /** Keeps drafts in this browser from now on, where it lets itself be used so. */
  use(draft: Draft): void {
    this.#own = true;
    this.keep(draft);
  }

  keep(draft: Draft): void {
    if (!this.#own) return;
    try {
      localStorage.setItem(this.name, JSON.stringify(draft));
    } catch {
      this.#own = false; // full, or forbidden: the page says that nothing is kept
    }
  }

  /** Keeps nothing in this browser, neither now nor later. */
  forget(): void {
    this.#own = false;
    try {
      localStorage.removeItem(this.name);
    } catch {
      // no storage: there is nothing in it
    }
  }

  // An edition that is over, or was never this person's, leaves nothing behind.
  #forgetOthers(edition: string): void {
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(prefix) && !name.startsWith(edition)) localStorage.removeItem(name);
    } catch {
      // no storage: there is nothing in it
    }
  }
}
