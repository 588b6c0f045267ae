// Asks for what a card's code opens: of somebody who is nobody, as ballots are sent, and always with as many bytes.
import { placeOf, unseal, type Vote } from "./card";

const patience = 20_000;

/** What the card holds, or the name of what is in the way. */
export async function readCard(address: string, edition: string, code: string): Promise<Vote | "unknown" | "closed" | "offline"> {
  const place = await placeOf(code);
  let answer: Response;
  let sealed: ArrayBuffer;
  try {
    answer = await fetch(address, {
      method: "POST",
      mode: "cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: "error",
      headers: { "Content-Type": "text/plain", "Accept-Language": "*" },
      body: `${edition}/${place}`,
      signal: AbortSignal.timeout(patience),
    });
    sealed = await answer.arrayBuffer();
  } catch {
    return "offline";
  }
  if (answer.status === 410 || answer.status === 404) return "closed";
  if (!answer.ok) return "offline";
  // Where there is no card the answer is as long, and made by chance: that nothing opens is all that tells.
  return (await unseal(code, new Uint8Array(sealed))) ?? "unknown";
}
