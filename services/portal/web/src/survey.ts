// Surveys: questions that depend on others come and go, and what is entered is kept as one goes. Without this script every
// question shows, with a hint when it is meant, and answers are sent all the same.
import { announce } from "./forms";

// How long a pause in entering is, and how long to wait after a failure; in milliseconds.
const pause = 700;
const retry = 4000;

export function surveys(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-survey]").forEach((form) => {
    depend(form);
    keep(form);
  });
}

// The server decides again which questions count, so what a hidden one holds does no harm.
function depend(form: HTMLFormElement): void {
  const dependent = [...form.querySelectorAll<HTMLElement>("[data-show-if]")];
  if (dependent.length === 0) return;
  form.querySelectorAll<HTMLElement>("[data-show-hint]").forEach((hint) => (hint.hidden = true));
  const settle = () => {
    for (const question of dependent) {
      const field = question.dataset.showIf ?? "";
      const wanted = (question.dataset.showValues ?? "").split(" ");
      const on = form.querySelector(`[name="${CSS.escape(field)}"]`)?.closest<HTMLElement>("[data-show-if]");
      const given = new FormData(form).getAll(field);
      question.hidden = on?.hidden || !given.some((value) => wanted.includes(String(value)));
    }
  };
  form.addEventListener("change", settle);
  window.addEventListener("pageshow", settle); // a page that comes back holds what was entered before
  settle();
}

// Drafts live on the server, for their writer alone, and in this page: nothing is stored in the browser, which may be shared.
function keep(form: HTMLFormElement): void {
  const address = form.dataset.draft;
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  if (!address || !state) return;
  let timer: number | undefined;
  let unsaved = false;
  let sending = false;
  let savedAt: Date | undefined;
  let out = false;

  const say = (text: string | undefined) => {
    if (state.textContent !== text) state.textContent = text ?? "";
  };
  // The session has ended: what was written stays here, and is saved when its writer is back from signing in elsewhere.
  const signedOut = () => {
    out = true;
    const { signedOut, until, signIn } = state.dataset;
    const time = savedAt?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const words = [signedOut, time && until?.replace("%", () => time)].filter(Boolean).join(" ");
    if (state.textContent?.startsWith(words)) return;
    const link = document.createElement("a");
    link.href = location.pathname;
    link.target = "_blank";
    link.textContent = signIn ?? "";
    state.replaceChildren(`${words} `, link);
  };
  const body = () => {
    const entered = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") entered.append(name, value);
    return entered;
  };
  const later = (delay: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), delay);
  };
  const save = async (): Promise<void> => {
    if (!unsaved || sending || form.hasAttribute("data-sent") || !form.isConnected) return;
    unsaved = false;
    sending = true;
    let kept = false;
    try {
      const answer = await fetch(address, { method: "POST", body: body(), keepalive: true, redirect: "manual", signal: AbortSignal.timeout(10_000) });
      kept = answer.ok;
      if (kept) [savedAt, out] = [new Date(), false];
      // The server leads to where one signs in, or lets nobody in: trying again would not help before that.
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        unsaved = true;
        return signedOut();
      }
      // No longer asked: nothing can be kept any more.
      if (!kept && answer.status < 500) return say(state.dataset.closed);
    } catch {
      // no network: told below
    } finally {
      sending = false;
    }
    if (!kept) unsaved = true;
    form.toggleAttribute("data-unsaved", unsaved);
    say(kept ? state.dataset.saved : state.dataset.lost);
    if (unsaved) later(kept ? pause : retry);
  };

  form.addEventListener("input", () => {
    unsaved = true;
    form.setAttribute("data-unsaved", "");
    later(pause);
  });
  // The phone is locked, or the page left: a timer may not run any more. Or its writer is back, maybe from signing in.
  document.addEventListener("visibilitychange", () => void save());
  window.addEventListener("online", () => void save());
  // Sending without a network would replace the page, and what was entered, by the browser's own message; sending without a
  // session, by the page where one signs in.
  form.addEventListener(
    "submit",
    (event) => {
      if (navigator.onLine && !out) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (out) {
        announce(state.textContent ?? "");
        void save().then(() => out || form.requestSubmit());
        return;
      }
      say(state.dataset.offline);
      announce(state.dataset.offline ?? "");
    },
    { capture: true },
  );
  form.addEventListener("submit", () => clearTimeout(timer));
}
