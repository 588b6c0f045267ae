// The page on which people vote. A token is taken when one begins, and used when one has answered: the session knows of the first
// alone, and the way of the second knows nobody.
import { announce } from "./forms";
import type { Ballot } from "./ballot-cast";
import { Form } from "./ballot-form";
import { Shelf, type Draft } from "./ballot-kept";
import { sendUntilIn } from "./ballot-send";
import { takeToken } from "./ballot-take";

const page = document.querySelector<HTMLElement>("[data-ballot]");
if (page) open(page);

function open(page: HTMLElement): void {
  const { edition = "", voter = "", key = "", fingerprint = "", cast: address = "" } = page.dataset;
  const form = page.querySelector<HTMLFormElement>("form[data-view]");
  const shelf = new Shelf(edition, voter);
  // What the browser brings back from its memory may be of another reader.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (!form) return; // there is nothing to vote in
  if (!window.crypto?.subtle) return show("insecure");

  let draft: Draft = shelf.find() ?? { step: 0, answers: {}, comments: {} };
  let steps: Form | undefined;
  let busy = false;
  let over = false;

  function show(name: string): void {
    for (const view of page.querySelectorAll<HTMLElement>("[data-view]")) view.hidden = view.dataset.view !== name;
    for (const hint of page.querySelectorAll<HTMLElement>("[data-kept]")) hint.hidden = (hint.dataset.kept === "here") !== shelf.own;
  }

  // What follows on something done is read from its heading on.
  function turn(name: string): void {
    if (page.querySelector(`[data-view="${name}"]:not([hidden])`)) return;
    show(name);
    page.querySelector<HTMLElement>(`[data-view="${name}"] h1`)?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  // Says what is in the way of beginning; nothing when all is well.
  function complain(problem?: string): void {
    const note = page.querySelector<HTMLElement>("[data-problems]");
    if (!note) return;
    const texts = [...note.querySelectorAll<HTMLElement>("[data-problem]")];
    const said = texts.find((text) => text.dataset.problem === problem) ?? texts.find((text) => text.dataset.problem === "refused");
    note.hidden = problem === undefined;
    for (const text of texts) text.hidden = text !== said;
    if (problem === undefined) return;
    note.scrollIntoView({ block: "center" });
    announce(said?.textContent ?? "");
  }

  async function begin(button: HTMLElement): Promise<void> {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    complain();
    const problem = await alone(shelf.name, async () => {
      draft = shelf.find() ?? draft;
      if (draft.token) return undefined; // taken in another tab meanwhile
      if (button.dataset.begin === "own") shelf.use(draft);
      if (button.dataset.begin === "shared") shelf.forget();
      return takeToken({ edition, key, fingerprint }, draft, () => shelf.keep(draft));
    }).catch(() => "refused");
    button.removeAttribute("aria-disabled");
    busy = false;
    if (problem === "token_issued") return end("lost");
    if (problem === "closed") return end("closed");
    if (problem !== undefined) return complain(problem);
    vote();
  }

  function vote(): void {
    if (!form) return;
    steps ??= new Form(form, draft, () => shelf.keep(draft), () => void send());
    if (draft.sent) return void send();
    show("form");
    steps.show();
  }

  async function send(): Promise<void> {
    if (busy || !draft.token || !steps) return;
    busy = true;
    const ballot: Ballot = { edition, key: fingerprint, token: draft.token, ...steps.content() };
    const before = draft.sent ?? false;
    draft.sent = true; // from now on it may be in, so it stays as it is
    shelf.keep(draft);
    const how = await sendUntilIn(ballot, { page, turn, address, before });
    if (how) end(how);
  }

  // Nothing that was entered stays, neither in the page nor in the browser.
  function end(view: string): void {
    over = true;
    shelf.forget();
    form?.reset();
    form?.remove();
    draft = { step: 0, answers: {}, comments: {} };
    turn(view);
  }

  page.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-begin]") : null;
    if (button) void begin(button);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!over && !shelf.own && (draft.asked || draft.token)) event.preventDefault();
  });
  window.addEventListener("pagehide", () => form.reset());
  // Another tab has cast it.
  window.addEventListener("storage", (event) => {
    if (event.key === shelf.name && event.newValue === null && shelf.own && !over) end("used");
  });

  if (draft.sent) vote();
  else if (shelf.own) show("resume");
  else show(page.dataset.issued === undefined ? "begin" : "lost");
}

// Two tabs that begin at once would ask for two tokens, of which there is but one.
function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
