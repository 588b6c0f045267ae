// Live prompts. One page of the browser holds the stream for all pages of the same session: browsers allow few connections
// to one server, and people open many pages. The others hear from it over a channel; when it closes, the next takes over.
import { announce } from "./forms";

interface Prompt {
  id: string;
  title: string;
  why: string;
  href: string;
  open: string;
  /** It reminds of talks, and asks nothing. */
  talks?: boolean;
  reminder?: boolean;
  /** How often the person was reminded. */
  reminders?: number;
}

interface Change {
  shown?: Prompt[];
  closed?: string[];
}

type Message =
  | { kind: "list"; prompts: Prompt[] }
  | { kind: "change"; change: Change }
  | { kind: "hello" }
  | { kind: "bye" };

let known: Map<string, Prompt> | undefined;

export function listen(): void {
  const session = document.body.dataset.live;
  if (!session) return;
  const name = `jalon-live-${session}`;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : undefined;
  let leading = false;

  const tell = (message: Message) => {
    hear(message);
    channel?.postMessage(message);
  };
  channel?.addEventListener("message", (event: MessageEvent<Message>) => {
    if (event.data.kind !== "hello") hear(event.data);
    else if (leading && known) channel.postMessage({ kind: "list", prompts: [...known.values()] } satisfies Message);
  });

  const lead = () => {
    leading = true;
    return stream(tell);
  };
  if (channel && navigator.locks) {
    channel.postMessage({ kind: "hello" } satisfies Message);
    void navigator.locks.request(name, lead);
  } else {
    void lead(); // an old browser, or a plain address other than localhost: each page holds its own stream
  }
}

// The stream is held until the session ends; the promise is what keeps the lock.
function stream(tell: (message: Message) => void): Promise<void> {
  return new Promise((done) => {
    let source: EventSource;
    let wait = 1000;
    const open = () => {
      source = new EventSource("/live");
      source.addEventListener("open", () => (wait = 1000));
      source.addEventListener("prompts", (event) => tell({ kind: "list", prompts: JSON.parse(event.data).prompts }));
      source.addEventListener("change", (event) => tell({ kind: "change", change: JSON.parse(event.data) }));
      source.addEventListener("bye", () => {
        source.close();
        tell({ kind: "bye" });
        done();
      });
      source.addEventListener("error", () => {
        // The browser comes back by itself after a cut, but not after an answer that it did not expect.
        if (source.readyState !== EventSource.CLOSED) return;
        setTimeout(open, wait);
        wait = Math.min(wait * 2, 30_000);
      });
    };
    open();
    // A page kept in the browser's memory must not keep the stream from the others.
    window.addEventListener("pagehide", () => {
      source.close();
      done();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  });
}

function hear(message: Message): void {
  switch (message.kind) {
    case "list": {
      const before = known ?? drawn();
      known = new Map(message.prompts.map((prompt) => [prompt.id, prompt]));
      if (!before) break;
      for (const id of before.keys()) if (!known.has(id)) leave(id);
      for (const prompt of message.prompts) if (isNews(before.get(prompt.id), prompt)) arrive(prompt);
      break;
    }
    case "change":
      known ??= new Map();
      for (const prompt of message.change.shown ?? []) {
        const before = known.get(prompt.id);
        known.set(prompt.id, prompt);
        if (isNews(before, prompt)) arrive(prompt);
      }
      for (const id of message.change.closed ?? []) {
        known.delete(id);
        leave(id);
      }
      break;
    case "bye":
      // A page with something that is not saved keeps it, and says by itself that one has to sign in again.
      if (!document.querySelector("form[data-unsaved]")) location.reload();
      return;
  }
  drawList();
  drawBadge();
}

// What the page showed when it was made; nothing where it lists no prompts. What comes before the stream is open, or while it is cut, is
// news like any other.
type Known = Pick<Prompt, "reminder" | "reminders">;

function drawn(): Map<string, Known> | undefined {
  const list = document.querySelector("[data-prompts]");
  return list ? new Map([...list.querySelectorAll<HTMLElement>("[data-prompt]")].map((item) => [item.dataset.prompt ?? "", { reminder: true, reminders: Infinity }])) : undefined;
}

// A reminder is told as well: the page has been open since the first time, and nobody looked.
function isNews(before: Known | undefined, prompt: Prompt): boolean {
  return !before || (!!prompt.reminder && (!before.reminder || (prompt.reminders ?? 1) > (before.reminders ?? 1)));
}

function arrive(prompt: Prompt): void {
  const { arrived, reminded, noted } = document.body.dataset;
  announce(((prompt.talks ? noted : prompt.reminder ? reminded : arrived) ?? "").replace("%", () => prompt.title));
  // A card that is there draws the eye once more; whoever is on it stays on it.
  const card = document.querySelector(`[data-prompt="${CSS.escape(prompt.id)}"]`);
  card?.classList.remove("new");
  requestAnimationFrame(() => card?.classList.add("new"));
}

// The survey that this page shows was answered elsewhere, or is over: the server knows what to say now.
function leave(id: string): void {
  const form = document.querySelector<HTMLFormElement>(`form[data-survey="${CSS.escape(id)}"]`);
  if (form && !form.hasAttribute("data-sent")) location.replace(location.pathname);
}

function drawList(): void {
  const list = document.querySelector<HTMLElement>("[data-prompts]");
  const template = document.querySelector<HTMLTemplateElement>("#prompt-card");
  if (!list || !template || !known) return;
  for (const item of [...list.querySelectorAll<HTMLElement>("[data-prompt]")]) {
    if (!known.has(item.dataset.prompt ?? "")) item.remove();
  }
  for (const prompt of known.values()) {
    if (list.querySelector(`[data-prompt="${CSS.escape(prompt.id)}"]`)) continue;
    const item = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    item.dataset.prompt = prompt.id;
    item.classList.add("new");
    part(item, "title").textContent = prompt.title;
    part(item, "why").textContent = prompt.why;
    part(item, "link").setAttribute("href", prompt.href);
    part(item, "link").textContent = prompt.open;
    list.append(item);
  }
  list.hidden = known.size === 0;
  const empty = document.querySelector<HTMLElement>("[data-prompts-empty]");
  if (empty) empty.hidden = known.size > 0;
}

function part(item: HTMLElement, name: string): HTMLElement {
  return item.querySelector<HTMLElement>(`[data-part="${name}"]`) ?? item;
}

function drawBadge(): void {
  const badge = document.querySelector<HTMLElement>("[data-prompt-count]");
  if (!badge || !known) return;
  badge.hidden = known.size === 0;
  badge.textContent = String(known.size);
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = ` ${document.body.dataset.badgeIs ?? ""}`;
  badge.append(words);
}
