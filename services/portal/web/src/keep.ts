// What the two people of a talk write is kept on the server as they type, also on a phone in a store with a bad network. Nothing is
// stored in the browser, which may be shared: what could not be sent yet lives in this page, which says so. Without this script the
// same forms are sent by their buttons.
import { announce } from "./forms";

// How long a pause in writing is, and how long to wait after a failure, first and at most; in milliseconds.
const pause = 700;
const retry = 3000;
const longest = 30_000;
// Browsers let no more than 64 KiB outlive the page.
const outlives = 60_000;

interface Kept {
  form: HTMLFormElement;
  // Saves what is unsaved, and tells whether all is saved now.
  flush: () => Promise<boolean>;
  busy: () => boolean;
  // What is unsaved would not outlive the page.
  atRisk: () => boolean;
  // Another version stands in the way: the writer has to choose.
  stuck: () => boolean;
}

export function keepTalks(): void {
  const kept = [...document.querySelectorAll<HTMLFormElement>("form[data-keep]")].map(keep);
  if (kept.length === 0) return;
  document.querySelectorAll<HTMLElement>("[data-without-script]").forEach((part) => (part.hidden = true));
  let leaving = false;
  saveBeforeSending(kept, () => (leaving = true));
  // The phone is locked, or its owner is back; or the page is left: a timer may not run any more.
  document.addEventListener("visibilitychange", () => kept.forEach((k) => void k.flush()));
  window.addEventListener("pagehide", () => kept.forEach((k) => void k.flush()));
  window.addEventListener("online", () => kept.forEach((k) => void k.flush()));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && kept.some((k) => k.atRisk())) event.preventDefault();
  });
}

function keep(form: HTMLFormElement): Kept {
  const address = `${form.getAttribute("action")}?keep`;
  const version = form.querySelector<HTMLInputElement>("input[name=version]");
  const state = form.querySelector<HTMLElement>("[data-keep-state]");
  let timer: number | undefined;
  let unsaved = false;
  let stuck = form.querySelector("[data-conflict]") !== null;
  let wait = retry;
  let failed = false;
  let sending: Promise<void> | undefined;

  // A screen reader hears a text again only when it changes.
  const say = (text = "") => {
    if (state && !(text && state.textContent?.trim().startsWith(text))) state.textContent = text;
  };
  const mark = (is: boolean) => {
    unsaved = is;
    form.toggleAttribute("data-unsaved", is);
  };
  const later = (delay: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void flush(), delay);
  };
  // What was not accepted waits for its writer to change it; what did not arrive is sent again by itself.
  const refused = (text?: string) => {
    failed = true;
    mark(true);
    say(text);
  };
  const again = (text?: string) => {
    refused(text);
    later(wait);
    wait = Math.min(wait * 2, longest);
  };

  const send = async (): Promise<void> => {
    if (!navigator.onLine) return again(form.dataset.offline);
    mark(false);
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    let answer: Response;
    try {
      answer = await fetch(address, {
        method: "POST",
        body,
        redirect: "manual",
        keepalive: body.toString().length < outlives,
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) {
        const saved = (await answer.json()) as { version: number };
        if (version) version.value = String(saved.version);
        wait = retry;
        failed = false;
        if (!unsaved) say(form.dataset.saved);
        return;
      }
      if (answer.status === 409) return meet(await answer.text());
    } catch {
      return again(form.dataset.lost);
    }
    // The server leads to where one signs in: what is written waits here until its writer is back from there.
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      again(form.dataset.signin);
      return signIn();
    }
    if (answer.status >= 500 || answer.status === 429) return again(form.dataset.lost);
    const why = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : form.dataset.refused;
    refused(why);
  };

  // Another version was saved meanwhile: it is shown beside what is being written, and its writer chooses.
  const meet = (panel: string) => {
    const place = form.querySelector<HTMLElement>("[data-conflict-place]");
    if (!place) return;
    place.innerHTML = panel; // our own server's, which escapes what people wrote
    if (version) version.value = place.querySelector<HTMLElement>("[data-conflict]")?.dataset.conflict ?? version.value;
    stuck = true;
    refused(form.dataset.meet);
  };

  const signIn = () => {
    if (!state || state.querySelector("a")) return;
    const link = document.createElement("a");
    link.href = "/signin";
    link.target = "_blank";
    link.textContent = form.dataset.signIn ?? "";
    state.append(" ", link);
  };

  const flush = async (): Promise<boolean> => {
    clearTimeout(timer);
    while (sending) await sending;
    if (unsaved && !stuck && form.isConnected) {
      sending = send().finally(() => (sending = undefined));
    }
    while (sending) await sending;
    return !unsaved;
  };

  form.addEventListener("input", () => {
    mark(true);
    if (!stuck) later(pause);
  });
  return { form, flush, busy: () => unsaved || sending !== undefined, atRisk: () => failed && unsaved, stuck: () => stuck };
}

// Before any form of the page is sent, what is being written is saved: the page that comes would show an older text, and the form's
// own version would be old. A form in which another version stands in the way is sent with what its writer chose.
function saveBeforeSending(kept: Kept[], leave: () => void): void {
  let waiting = false;
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const writing = kept.filter((k) => k.busy() && !(k.form === form && k.stuck()));
      if (!waiting && writing.length === 0 && navigator.onLine) return leave();
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waiting) return;
      waiting = true;
      void Promise.all(writing.map((k) => k.flush())).then(() => {
        waiting = false;
        const unsaved = writing.find((k) => k.busy());
        if (!unsaved && navigator.onLine) return form.requestSubmit(event.submitter);
        show((unsaved ?? kept[0])?.form);
      });
    },
    { capture: true },
  );
}

// Leads to what is in the way of sending.
function show(form?: HTMLFormElement): void {
  const state = form?.querySelector<HTMLElement>("[data-keep-state]");
  if (!form || !state) return;
  if (!state.textContent) state.textContent = form.dataset.offline ?? "";
  announce(state.textContent ?? "");
  const choice = form.querySelector<HTMLElement>("[data-conflict] button");
  if (choice) choice.focus();
  else state.scrollIntoView({ block: "center" });
}
