// Server-sent events over fetch: EventSource can neither say who asks nor be told why it is refused.
import type { Prompt } from "./prompt-feed";

export interface Change {
  /** The whole list; otherwise what came and went. */
  prompts?: Prompt[];
  shown?: Prompt[];
  closed?: string[];
  /** How far this page has come, to go on from there after a cut. */
  seen?: string;
  /** The session has ended: the page has to be identified anew. */
  over?: boolean;
}

/** Refused says that Jalon answered, but not with what was asked for. */
export class Refused extends Error {
  /** It will be so for a while: the origin is not allowed, the reader not known, the widget not there. */
  lasting: boolean;
  constructor(status: number) {
    super(`refused: ${status}`);
    this.lasting = status === 403 || status === 404;
  }
}

// The server shows every 20 s that it is there.
const silence = 60_000;

/** open reads a stream until it ends; it ends by itself, by an error, or by the signal. */
export async function* open(server: string, session: string, lang: string, seen: string, signal: AbortSignal): AsyncGenerator<Change> {
  const watch = new AbortController();
  let silent = setTimeout(() => watch.abort(), silence);
  const stop = AbortSignal.any([signal, watch.signal]);
  try {
    const answer = await fetch(`${server}/widget/v1/prompts?lang=${lang}`, {
      headers: { Authorization: `Bearer ${session}`, ...(seen && { "Last-Event-ID": seen }) },
      credentials: "omit",
      cache: "no-store",
      signal: stop,
    });
    if (!answer.ok || !answer.body) throw new Refused(answer.status);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(silent);
      silent = setTimeout(() => watch.abort(), silence);
      const events = (text + value).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const change = read(event);
        if (change) yield change;
      }
    }
  } finally {
    clearTimeout(silent);
    watch.abort();
  }
}

function read(event: string): Change | undefined {
  const fields = new Map(event.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
  if (fields.get("event") === "bye") return { over: true };
  const data = fields.get("data");
  return data ? { ...JSON.parse(data), seen: fields.get("id") } : undefined;
}
