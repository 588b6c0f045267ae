// Takes the token of a voter, who is known here by the session; what the token says stays hidden.
import { codeOf } from "./ballot-cast";
import type { Draft } from "./ballot-kept";
import { ask, cellKey, uncover } from "./ballot-token";

const patience = 20_000;

export interface Cell {
  edition: string;
  key: string;
  fingerprint: string;
}

/** Puts the token into the draft, or returns the name of what is in the way. */
export async function takeToken(cell: Cell, draft: Draft, keep: () => void): Promise<string | undefined> {
  const key = await cellKey(cell.key, cell.fingerprint).catch(() => undefined);
  if (!key) return "key";
  // One is signed for each person. Whatever comes between, this is the one that is asked for.
  draft.asked ??= await ask(key);
  keep();
  const answer = await request(cell.edition, draft.asked.blinded).catch(() => undefined);
  if (!answer || answer.status >= 500) return "offline";
  if (answer.status === 401 || answer.type === "opaqueredirect") return "signed_out";
  if (!answer.ok) return (await codeOf(answer)) || "refused";
  try {
    const { signature } = (await answer.json()) as { signature: string };
    draft.token = await uncover(key, draft.asked, signature);
  } catch {
    return "key";
  }
  delete draft.asked;
  keep();
  return undefined;
}

function request(edition: string, blinded: string): Promise<Response> {
  return fetch("/barometer/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ edition, blinded }),
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(patience),
  });
}
