// Asks for what a card's code opens: of somebody who is nobody, as ballots are sent, and always with as many bytes.
import { codeOf } from "./ballot-cast";
import { placeOf, sealedBytes, unseal, type Vote } from "./card";

const patience = 20_000;

/** What the card holds, or the name of what is in the way. */
export async function readCard(address: string, edition: string, code: string): Promise<Vote | "unknown" | "closed" | "offline"> {
  const place = await placeOf(code);
  let sealed: ArrayBuffer;
  try {
    const answer = await fetch(address, {
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
    // No vote is over because something on the way does not know the address: only the server itself says so, by its word.
    if (!answer.ok) return ["closed", "unknown"].includes(await codeOf(answer)) ? "closed" : "offline";
    sealed = await answer.arrayBuffer();
  } catch {
    return "offline";
  }
  if (sealed.byteLength !== sealedBytes) return "offline"; // a page of somebody else's: no card was looked for
  // Where there is no card the answer is as long, and made by chance: that nothing opens is all that tells.
  return (await unseal(code, new Uint8Array(sealed))) ?? "unknown";
}
