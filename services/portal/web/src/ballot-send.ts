// Brings a ballot to the intake, however long that takes, and shows how it stands meanwhile.
import { cast, pauses, type Ballot } from "./ballot-cast";

export type End = "thanks" | "used" | "closed";

/** Where a ballot is brought, and where it is shown how it stands. */
export interface Way {
  page: HTMLElement;
  turn: (view: string) => void;
  address: string;
  /** It was sent before, and may be in already. */
  before?: boolean;
  /** Whoever voted left: the ballot is forgotten, and nothing is shown of it any more. */
  left?: AbortSignal;
}

/** Sends until the ballot is in, or cannot be any more; nothing once it was left. */
export async function sendUntilIn(ballot: Ballot, { page, turn, address, before = false, left }: Way): Promise<End | undefined> {
  const waits = pauses();
  let again = before;
  if (again) {
    turn("later");
    await asked(page, "later", waits.next().value, left);
  } else {
    turn("sending");
  }
  for (const pause of waits) {
    const outcome = await cast(address, ballot, left);
    if (left?.aborted) return undefined;
    if (outcome.kind === "in") return "thanks";
    if (outcome.kind === "used") return again ? "thanks" : "used";
    if (outcome.kind === "closed") return "closed";
    again = true;
    turn(outcome.kind);
    if (outcome.kind === "refused") explain(page, outcome.status, outcome.code);
    await asked(page, outcome.kind, outcome.kind === "later" ? pause : undefined, left);
    if (left?.aborted) return undefined;
  }
  throw new Error("there is always another pause");
}

function explain(page: HTMLElement, status: number, code: string): void {
  for (const why of page.querySelectorAll<HTMLElement>("[data-refusal]")) why.hidden = why.dataset.refusal !== String(status);
  const word = page.querySelector<HTMLElement>("[data-code]");
  if (word) word.textContent = code || String(status);
}

// Waits until the button of the view is pressed, or the pause is over, or the network is back, or it was left.
function asked(page: HTMLElement, view: string, pause?: number, left?: AbortSignal): Promise<void> {
  const button = page.querySelector<HTMLElement>(`[data-view="${view}"] [data-again]`);
  const stop = new AbortController();
  button?.removeAttribute("aria-disabled");
  return new Promise<void>((go) => {
    const timer = pause === undefined ? undefined : setTimeout(go, pause);
    stop.signal.addEventListener("abort", () => clearTimeout(timer));
    left?.addEventListener("abort", () => go(), { signal: stop.signal });
    button?.addEventListener("click", () => go(), { signal: stop.signal });
    if (pause !== undefined) window.addEventListener("online", () => go(), { signal: stop.signal });
  }).finally(() => {
    stop.abort();
    button?.setAttribute("aria-disabled", "true");
  });
}
