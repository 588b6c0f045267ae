// The steps of a ballot: a theme at a time, and on to the next once every statement has its point. Nothing of it leaves the page here.
import { announce } from "./forms";
import type { Ballot } from "./ballot-cast";
import { plain } from "./ballot-cast";
import type { Draft } from "./ballot-kept";

export class Form {
  readonly #element: HTMLFormElement;
  readonly #draft: Draft;
  readonly #changed: () => void;
  readonly #steps: HTMLElement[];

  constructor(element: HTMLFormElement, draft: Draft, changed: () => void, send: () => void) {
    this.#element = element;
    this.#draft = draft;
    this.#changed = changed;
    this.#steps = [...element.querySelectorAll<HTMLElement>("[data-step]")];
    this.#fill();
    element.addEventListener("submit", (event) => event.preventDefault());
    element.addEventListener("input", (event) => this.#read(event.target));
    element.addEventListener("click", (event) => {
      if (!(event.target instanceof Element)) return;
      if (event.target.closest("[data-back]")) this.#go(-1);
      else if (event.target.closest("[data-next]") && this.#complete()) this.#go(1);
      else if (event.target.closest("[data-send]") && this.#complete()) send();
    });
  }

  /** Shows the step at which the writer is. */
  show(): void {
    const at = Math.min(Math.max(this.#draft.step, 0), this.#steps.length - 1);
    this.#steps.forEach((step, i) => (step.hidden = i !== at));
    this.#draw();
    this.#steps[at]?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** What is cast: the points in the order of the statements, and the comments that say something. */
  content(): Pick<Ballot, "answers" | "comments"> {
    const comments = [];
    for (const area of this.#element.querySelectorAll<HTMLTextAreaElement>("textarea[data-theme]")) {
      const text = plain(area.value);
      if (text) comments.push({ theme: area.dataset.theme ?? "", text });
    }
    return { answers: this.#statements().map((statement) => this.#point(statement)), comments };
  }

  #statements(within: ParentNode = this.#element): HTMLElement[] {
    return [...within.querySelectorAll<HTMLElement>("[data-statement]")];
  }

  #point(statement: HTMLElement): number {
    const point = this.#draft.answers[statement.dataset.statement ?? ""];
    if (point === undefined) throw new Error("a statement without an answer");
    return point;
  }

  #answered(statement: HTMLElement): boolean {
    return this.#draft.answers[statement.dataset.statement ?? ""] !== undefined;
  }

  #fill(): void {
    for (const radio of this.#element.querySelectorAll<HTMLInputElement>("[data-statement] input")) {
      radio.checked = this.#draft.answers[radio.name] === Number(radio.value);
    }
    for (const area of this.#element.querySelectorAll<HTMLTextAreaElement>("textarea[data-theme]")) {
      area.value = this.#draft.comments[area.dataset.theme ?? ""] ?? "";
    }
  }

  #read(field: EventTarget | null): void {
    if (field instanceof HTMLInputElement) {
      this.#draft.answers[field.name] = Number(field.value);
      const statement = field.closest<HTMLElement>("[data-statement]");
      if (statement) mark(statement, false);
    }
    if (field instanceof HTMLTextAreaElement) this.#draft.comments[field.dataset.theme ?? ""] = field.value;
    this.#draw();
    this.#changed();
  }

  #go(by: number): void {
    this.#draft.step += by;
    this.#changed();
    this.show();
  }

  // Points out what is missing on the step, and leads to the first of it.
  #complete(): boolean {
    const step = this.#steps[this.#draft.step];
    if (!step) return false;
    const missing = this.#statements(step).filter((statement) => !this.#answered(statement));
    for (const statement of missing) mark(statement, true);
    const [first] = missing;
    if (!first) return true;
    const { missingOne = "", missingMany = "" } = this.#element.dataset;
    announce((missing.length === 1 ? missingOne : missingMany).replace("%", String(missing.length)));
    first.querySelector<HTMLInputElement>("input")?.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
    return false;
  }

  #draw(): void {
    const progress = this.#element.querySelector("progress");
    if (progress) progress.value = this.#statements().filter((statement) => this.#answered(statement)).length;
  }
}

function mark(statement: HTMLElement, missing: boolean): void {
  statement.classList.toggle("has-error", missing);
  const error = statement.querySelector<HTMLElement>("[data-error]");
  if (!error) return;
  error.hidden = !missing;
  if (missing) statement.setAttribute("aria-describedby", error.id);
  else statement.removeAttribute("aria-describedby");
}
