// A device of the store at which people vote with a printed card. Nobody signs in, nothing is kept in the browser, and what one left
// behind is gone before the next one comes.
import { Form } from "./ballot-form";
import type { Draft } from "./ballot-kept";
import { sendUntilIn, type End } from "./ballot-send";
import { complete, grouped, slip, bare, type Vote } from "./card";
import { readCard } from "./card-read";
import { announce, count } from "./forms";
import { Idle, realClock } from "./kiosk-idle";

// For how long the last word stands there, and how often a page that nobody uses looks whether there is a newer one.
const farewell = 20_000;
const refresh = 600_000;

const page = document.querySelector<HTMLElement>("[data-kiosk]");
if (page) open(page);

function open(page: HTMLElement): void {
  const { edition = "", card: cards = "", cast: address = "" } = page.dataset;
  const pristine = page.querySelector<HTMLFormElement>("form[data-view=form]");
  const entry = page.querySelector<HTMLFormElement>("form[data-entry]");
  const field = page.querySelector<HTMLInputElement>("#code");
  const dialog = page.querySelector<HTMLDialogElement>("dialog");
  // What the browser brings back from its memory is somebody's.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  realClock.every(refresh, () => void renew());
  if (!pristine || !entry || !field || !dialog) return; // there is nothing to vote in
  if (!window.crypto?.subtle) return show("insecure");
  pristine.remove();

  // Who stands here, by number: what comes late for one is not for the next.
  let visitor = 0;
  let form: HTMLFormElement | undefined;
  let busy = false;
  let left: AbortController | undefined;
  let after: (() => void) | undefined;
  const idle = new Idle(warn, start);

  function show(name: string): void {
    for (const view of page.querySelectorAll<HTMLElement>("[data-view]")) view.hidden = view.dataset.view !== name;
    for (const part of document.querySelectorAll<HTMLElement>("[data-at-start]")) part.hidden = name !== "start";
  }

  function turn(name: string): void {
    show(name);
    page.querySelector<HTMLElement>(`[data-view="${name}"] h1`)?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  function start(): void {
    visitor++;
    left?.abort();
    idle.stop();
    after?.();
    clear();
    entry?.reset();
    wrong();
    ready();
    if (dialog?.open) dialog.close();
    show("start");
    scrollTo(0, 0);
    field?.focus({ preventScroll: true });
  }

  // Nothing of what was answered stays in the page.
  function clear(): void {
    form?.reset();
    form?.remove();
    form = undefined;
  }

  function ready(): void {
    busy = false;
    entry?.querySelector("button")?.removeAttribute("aria-disabled");
  }

  // Says what is wrong with a code; nothing when all is well.
  function wrong(why?: string): void {
    let said = "";
    for (const text of page.querySelectorAll<HTMLElement>("[data-wrong]")) {
      text.hidden = text.dataset.wrong !== why;
      if (!text.hidden) said = text.textContent;
    }
    field?.parentElement?.classList.toggle("has-error", why !== undefined);
    if (why === undefined) field?.removeAttribute("aria-invalid");
    else field?.setAttribute("aria-invalid", "true");
    announce(said);
  }

  function typed(): void {
    if (!field) return;
    if (field.value) idle.start();
    else idle.stop();
    const end = field.selectionStart === field.value.length;
    const at = bare(field.value.slice(0, field.selectionStart ?? 0)).length;
    field.value = grouped(field.value);
    if (!end) {
      const where = grouped(bare(field.value).slice(0, at)).length;
      field.setSelectionRange(where, where);
    }
    const why = slip(field.value);
    wrong(why === "character" || (why !== undefined && complete(field.value)) ? why : undefined);
  }

  async function enter(): Promise<void> {
    if (busy || !field) return;
    const why = slip(field.value);
    wrong(why);
    if (why) return field.focus();
    busy = true;
    entry?.querySelector("button")?.setAttribute("aria-disabled", "true");
    const mine = visitor;
    const vote = await readCard(cards, edition, field.value);
    if (mine !== visitor) return;
    ready();
    if (vote === "closed") return finish("closed");
    if (typeof vote === "string") {
      wrong(vote);
      return field.focus();
    }
    begin(vote);
  }

  function begin(vote: Vote): void {
    entry?.reset();
    const draft: Draft = { step: 0, answers: {}, comments: {}, token: vote.token };
    form = pristine?.cloneNode(true) as HTMLFormElement;
    page.querySelector("[data-view=sending]")?.before(form);
    const steps = new Form(form, draft, () => undefined, () => void send(vote, steps));
    show("form");
    steps.show();
    idle.start();
  }

  async function send(vote: Vote, steps: Form): Promise<void> {
    if (busy) return;
    busy = true;
    const mine = visitor;
    left = new AbortController();
    const ballot = { edition, key: vote.key, token: vote.token, ...steps.content() };
    const end = await sendUntilIn(ballot, { page, turn: stands, address, left: left.signal });
    if (end && mine === visitor) finish(end);
  }

  // Whoever walks away while it is sent has voted: it is sent until it is in, or until somebody presses that they leave. From one that
  // was refused they walk away as from any other page.
  function stands(view: string): void {
    if (view === "refused") idle.start();
    else idle.stop();
    turn(view);
  }

  function finish(view: End): void {
    clear();
    idle.stop();
    busy = false;
    turn(view);
    const began = realClock.now();
    after?.();
    const stop = realClock.every(1000, () => realClock.now() - began >= farewell && start());
    after = () => {
      stop();
      after = undefined;
    };
  }

  function warn(seconds: number): void {
    if (!dialog) return;
    const left = dialog.querySelector<HTMLElement>("[data-seconds]");
    if (left) left.textContent = String(seconds);
    if (!dialog.open) dialog.showModal();
  }

  entry.addEventListener("submit", (event) => {
    event.preventDefault();
    void enter();
  });
  field.addEventListener("input", typed);
  page.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-start]")) start();
    if (target?.closest("[data-stay]")) {
      dialog.close();
      idle.start();
    }
  });
  dialog.addEventListener("cancel", () => idle.start()); // by the keyboard
  for (const sign of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    document.addEventListener(sign, () => idle.touch(), { passive: true });
  }
  document.addEventListener("input", (event) => event.target instanceof HTMLTextAreaElement && count(event.target));
  window.addEventListener("beforeunload", (event) => {
    if (form) event.preventDefault();
  });
  window.addEventListener("pagehide", clear);
  start();

  function unused(): boolean {
    return !form && !busy && !field?.value && after === undefined;
  }

  // An edition opens and closes, and Jalon is updated, while the device stands there for weeks.
  async function renew(): Promise<void> {
    if (pristine && !unused()) return;
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "omit", redirect: "error" });
      if (answer.ok && (!pristine || unused())) location.reload();
    } catch {
      // away: the page that is there is better than none
    }
  }
}
