// <jalon-prompt token-url="/jalon-token">: the open questions of whoever reads this page, on any page of the company's.
// Who that is, the host's own server says in a token; nothing in the page does. See docs/widget.md.
import css from "./prompt.css";
import { Feed, keyOf, type Prompt } from "./prompt-feed";
import { wordsOf } from "./prompt-words";

// Prompts come from where this script came from. No attribute can say otherwise: markup that somebody smuggles into a page
// must not lead the reader's token elsewhere.
const server = new URL((document.currentScript as HTMLScriptElement).src).origin;

const most = 3;
// On a phone, what lies over the page takes as little of it as it can.
const small = matchMedia("(max-width: 30rem)");
const styles = new CSSStyleSheet();
styles.replaceSync(css);

class JalonPrompt extends HTMLElement {
  static observedAttributes = ["lang", "token-url"];

  /** Where tokens come from, for hosts that fetch them in their own way instead of by token-url. */
  token?: () => Promise<string>;

  #feed?: Feed;
  #starting = false;
  #seen = new Set<string>();
  #root = this.attachShadow({ mode: "open" });
  #panel = make("section", "panel");
  #heading = make("p", "heading");
  #list = make("ul", "list");
  #more = link("more");
  #later = make("button", "later");
  #announcer = make("p", "");

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [styles];
    this.#announcer.setAttribute("role", "status");
    this.#announcer.className = "hidden-text";
    this.#panel.hidden = true;
    this.#later.type = "button";
    this.#later.addEventListener("click", () => this.#feed?.putOff());
    const foot = make("div", "foot");
    foot.append(this.#more, this.#later);
    this.#panel.append(this.#heading, this.#list, foot);
    this.#root.append(this.#panel, this.#announcer);
  }

  connectedCallback(): void {
    addEventListener("pagehide", this.#stop);
    addEventListener("pageshow", this.#start);
    this.#start();
  }

  disconnectedCallback(): void {
    removeEventListener("pagehide", this.#stop);
    removeEventListener("pageshow", this.#start);
    this.#stop();
  }

  attributeChangedCallback(): void {
    if (!this.#feed) return;
    this.#stop();
    this.#start();
  }

  get #lang(): string {
    return this.closest<HTMLElement>("[lang]")?.lang || navigator.language;
  }

  #start = (): void => {
    if (this.#feed || this.#starting) return;
    this.#starting = true;
    // The page may still set the token property after it wrote the element.
    queueMicrotask(() => {
      this.#starting = false;
      if (!this.isConnected || this.#feed) return;
      this.#feed = new Feed(server, wordsOf(this.#lang).lang, () => this.#token(), (prompts) => this.#draw(prompts));
    });
  };

  // A page that the browser puts aside must not keep the stream from the others.
  #stop = (): void => {
    this.#feed?.stop();
    this.#feed = undefined;
  };

  async #token(): Promise<string> {
    if (this.token) return this.token();
    const address = new URL(this.getAttribute("token-url") ?? "", document.baseURI);
    if (!this.hasAttribute("token-url") || address.origin !== location.origin) {
      console.error("jalon-prompt: token-url must be an address of this page's own server");
      return "";
    }
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (answer.status >= 500) throw new Error(`token-url: ${answer.status}`);
    return answer.ok ? (await answer.text()).trim() : "";
  }

  #draw(prompts: Prompt[]): void {
    const words = wordsOf(this.#lang);
    const fresh = prompts.filter((prompt) => !this.#seen.has(keyOf(prompt)));
    this.#panel.setAttribute("aria-label", words.region);
    this.#heading.textContent = words.heading(prompts);
    this.#later.textContent = words.later;
    const had = this.#root.activeElement;

    const shown = prompts.slice(0, !this.hasAttribute("inline") && small.matches ? 1 : most);
    const there = new Set<string | undefined>();
    for (const item of [...this.#list.children] as HTMLElement[]) {
      if (item.lang === words.lang && shown.some((prompt) => prompt.id === item.dataset.id)) there.add(item.dataset.id);
      else item.remove();
    }
    for (const prompt of shown) if (!there.has(prompt.id)) this.#list.append(this.#item(prompt, words));
    const others = prompts.length - shown.length;
    this.#more.hidden = others === 0;
    this.#more.href = server;
    this.#more.replaceChildren(words.more(others), newTab(words));

    this.#panel.lang = words.lang;
    this.#panel.hidden = prompts.length === 0;
    this.toggleAttribute("open", prompts.length > 0);
    // Whoever was on what has gone is not thrown out of the panel.
    if (had && !this.#root.contains(had) && !this.#panel.hidden) this.#later.focus();
    if (fresh[0]) this.#announcer.textContent = (fresh[0].talks ? words.noted : fresh[0].reminder ? words.reminded : words.arrived)(fresh[0].title);
    else if (!prompts.length) this.#announcer.textContent = "";
    this.#seen = new Set(prompts.map(keyOf));
    this.dispatchEvent(new CustomEvent("jalon-prompts", { bubbles: true, detail: { count: prompts.length } }));
  }

  #item(prompt: Prompt, words: ReturnType<typeof wordsOf>): HTMLElement {
    const item = make("li", "prompt");
    item.dataset.id = prompt.id;
    item.lang = words.lang;
    const title = make("p", "title");
    title.textContent = prompt.title;
    const why = make("p", "why");
    why.textContent = prompt.why;
    const answer = link("link");
    const address = new URL(prompt.href, server);
    answer.href = address.origin === server ? address.href : server;
    answer.append(prompt.open);
    const about = make("span", "");
    about.className = "hidden-text";
    about.textContent = ` ${prompt.title}`;
    answer.append(about, newTab(words));
    item.append(title, why, answer);
    return item;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(name: K, part: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (part) element.setAttribute("part", part);
  return element;
}

// The survey opens on Jalon's own origin, in a tab that cannot reach back.
function link(part: string): HTMLAnchorElement {
  const anchor = make("a", part);
  anchor.target = "_blank";
  anchor.rel = "noopener";
  return anchor;
}

function newTab(words: ReturnType<typeof wordsOf>): HTMLElement {
  const note = make("span", "");
  note.className = "hidden-text";
  note.textContent = ` ${words.newTab}`;
  return note;
}

// A page may load the script twice.
if (!customElements.get("jalon-prompt")) customElements.define("jalon-prompt", JalonPrompt);
