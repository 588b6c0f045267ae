// The prompts of whoever reads the page. All pages of one reader and language share one stream: one of them holds it and
// tells the others, and the next takes over when it closes.
import { open, Refused, type Change } from "./prompt-stream";

export interface Prompt {
  id: string;
  title: string;
  why: string;
  href: string;
  open: string;
  /** It reminds of talks, and asks nothing. */
  talks?: boolean;
  reminder?: boolean;
  reminders?: number;
}

/** keyOf tells a prompt from each reminder of it, which is news even to whoever put off what came before. */
export function keyOf(prompt: Prompt): string {
  if (!prompt.reminder) return prompt.id;
  return (prompt.reminders ?? 1) > 1 ? `${prompt.id} again ${prompt.reminders}` : `${prompt.id} again`;
}

type Message =
  | { kind: "list"; prompts: Prompt[]; later: string[]; seen: string }
  | { kind: "later"; keys: string[] }
  | { kind: "hello" }
  | { kind: "over" };

const shortest = 2_000;
const longest = 60_000;
// Nobody to show anything to, or an installation that wants nothing of this page: ask again now and then.
const patience = 300_000;
const putOffKey = "jalon-prompt-later";

export class Feed {
  #ended = new AbortController();
  #known = new Map<string, Prompt>();
  #later = new Set<string>(remembered());
  #seen = "";
  #tell: (message: Message) => void = () => {};
  #server: string;
  #lang: string;
  #token: () => Promise<string>;
  #changed: (prompts: Prompt[]) => void;

  constructor(server: string, lang: string, token: () => Promise<string>, changed: (prompts: Prompt[]) => void) {
    this.#server = server;
    this.#lang = lang;
    this.#token = token;
    this.#changed = changed;
    void this.#run();
  }

  stop(): void {
    this.#ended.abort();
  }

  /** Puts off what is shown until the reader comes back in another sitting. */
  putOff(): void {
    const keys = [...this.#known.values()].map(keyOf);
    this.#tell({ kind: "later", keys });
    this.#putOff(keys);
  }

  // Each page asks its own host who reads it, so that two readers who share a computer never share a channel.
  async #run(): Promise<void> {
    let wait = shortest;
    while (!this.#ended.signal.aborted) {
      try {
        const who = reader(await this.#token());
        if (who) await this.#share(who);
        else this.#show();
        wait = who ? shortest : patience;
      } catch {
        wait = Math.min(wait * 2, longest); // the host's server does not answer
      }
      await pause(wait, this.#ended.signal);
    }
  }

  /** Shares the stream of one reader until the page's reader is another. */
  async #share(who: string): Promise<void> {
    const name = `jalon-prompt ${this.#server} ${this.#lang} ${who}`;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#ended.signal]);
    const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : undefined;
    let leading = false;
    this.#tell = (message) => channel?.postMessage(message);
    channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if (data.kind === "hello" && leading) this.#tellAll();
      else if (data.kind === "list" && !leading) this.#hear(data.prompts, data.later, data.seen);
      else if (data.kind === "later") this.#putOff(data.keys);
      else if (data.kind === "over") over.abort();
    });
    const lead = async () => {
      leading = true;
      await this.#lead(who, signal);
    };
    try {
      this.#tell({ kind: "hello" });
      // Plain http has no locks: there each page holds its own stream.
      if (channel && navigator.locks) await navigator.locks.request(name, { signal }, lead);
      else await lead();
    } catch (reason) {
      if (!signal.aborted) throw reason;
    } finally {
      channel?.close();
      this.#tell = () => {};
      if (!this.#ended.signal.aborted) this.#forget();
    }
  }

  /** Holds the stream, over cuts and renewed sessions, until the host says that somebody else reads. */
  async #lead(who: string, signal: AbortSignal): Promise<void> {
    let session = "";
    let wait = shortest;
    while (!signal.aborted) {
      try {
        if (!session) {
          const token = await this.#token();
          if (reader(token) !== who) {
            this.#tell({ kind: "over" });
            return;
          }
          session = await exchange(this.#server, token, signal);
        }
        for await (const change of open(this.#server, session, this.#lang, this.#seen, signal)) {
          wait = shortest;
          if (change.over) session = "";
          else this.#apply(change);
        }
      } catch (reason) {
        if (reason instanceof Refused) session = "";
        wait = reason instanceof Refused && reason.lasting ? patience : Math.min(wait * 2, longest);
      }
      if (!signal.aborted) await pause(wait, signal);
    }
  }

  #apply(change: Change): void {
    if (change.prompts) this.#known = new Map(change.prompts.map((prompt) => [prompt.id, prompt]));
    for (const prompt of change.shown ?? []) this.#known.set(prompt.id, prompt);
    for (const id of change.closed ?? []) this.#known.delete(id);
    this.#seen = change.seen || this.#seen;
    this.#show();
    this.#tellAll();
  }

  #tellAll(): void {
    this.#tell({ kind: "list", prompts: [...this.#known.values()], later: [...this.#later], seen: this.#seen });
  }

  #hear(prompts: Prompt[], later: string[], seen: string): void {
    this.#known = new Map(prompts.map((prompt) => [prompt.id, prompt]));
    this.#seen = seen;
    this.#putOff(later);
  }

  #putOff(keys: string[]): void {
    for (const key of keys) this.#later.add(key);
    // Where the page may not store anything, putting off holds for this page alone.
    try {
      sessionStorage.setItem(putOffKey, JSON.stringify([...this.#later]));
    } catch {}
    this.#show();
  }

  #forget(): void {
    this.#known.clear();
    this.#seen = "";
    this.#show();
  }

  #show(): void {
    this.#changed([...this.#known.values()].filter((prompt) => !this.#later.has(keyOf(prompt))));
  }
}

/** exchange turns the host's token into a session on Jalon. */
async function exchange(server: string, token: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(`${server}/widget/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
    credentials: "omit",
    signal,
  });
  const said = await answer.json();
  if (answer.ok) return said.session;
  console.warn(`jalon-prompt: ${said.message}`);
  throw new Refused(answer.status);
}

// Whom the token is about tells pages of different readers apart; whether it is true, Jalon decides.
function reader(token: string): string {
  const body = token.split(".")[1];
  return body ? String(JSON.parse(atob(body.replace(/-/g, "+").replace(/_/g, "/"))).sub ?? "") : "";
}

function remembered(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(putOffKey) ?? "[]");
  } catch {
    return [];
  }
}

// Pages that were cut off together come back apart.
function pause(wait: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const timer = setTimeout(done, wait * (0.5 + Math.random()));
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
