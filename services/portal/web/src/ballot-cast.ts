// Sends a ballot: without a cookie or an address that it came from, and always of the same length, so that nothing about the way
// tells who sent it or how much was written.
import { toBase64, type Token } from "./ballot-token";

const size = 16_384;
const patience = 20_000;
const firstPause = 3_000;
const longestPause = 60_000;
const longestComment = 500;
const refusals = [400, 403, 404, 410];

export interface Ballot {
  edition: string;
  key: string;
  token: Token;
  /** 45 points from 1 to 5 in the order of the statements, then 0 to 10. */
  answers: number[];
  comments: { theme: string; text: string }[];
}

export type Outcome = { kind: "in" | "used" | "closed" | "later" } | { kind: "refused"; status: number; code: string };

/** Brings a ballot to the intake once; once it was left, it goes no further. */
export async function cast(address: string, ballot: Ballot, left?: AbortSignal): Promise<Outcome> {
  const going = new AbortController();
  for (const end of [AbortSignal.timeout(patience), left]) end?.addEventListener("abort", () => going.abort());
  let answer: Response;
  try {
    answer = await fetch(address, {
      method: "POST",
      mode: "cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: "error",
      // A plain text asks no leave of another origin first. Which languages the voter reads is nobody's business either.
      headers: { "Content-Type": "text/plain", "Accept-Language": "*" },
      body: pack(ballot),
      signal: going.signal,
    });
  } catch {
    return { kind: "later" };
  }
  if (answer.status === 204) return { kind: "in" };
  if (answer.status === 409) return { kind: "used" };
  const code = await codeOf(answer);
  if (answer.status === 410 && code) return { kind: "closed" };
  if (refusals.includes(answer.status)) return { kind: "refused", status: answer.status, code };
  return { kind: "later" }; // the intake is down, or something else on the way answered in its place
}

/** How long to wait before each time that it is sent again. */
export function* pauses(): Generator<number, never> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) yield pause;
}

/** The stable word of an answer in JSON; empty where there is none. */
export async function codeOf(answer: Response): Promise<string> {
  try {
    const { error } = (await answer.json()) as { error?: unknown };
    return typeof error === "string" ? error : "";
  } catch {
    return "";
  }
}

/** A comment as it is sent: one line, without what no letter is, and no longer than is read. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, " ").replace(/ {2,}/g, " ").trim().slice(0, longestComment).replace(/\p{Cs}$/u, "");
}

export function pack(ballot: Ballot): Uint8Array<ArrayBuffer> {
  const { edition, key, token, answers, comments } = ballot;
  const text = JSON.stringify({ edition, key, message: token.message, signature: token.signature, answers: toBase64(Uint8Array.from(answers)), comments });
  const written = new TextEncoder().encode(text);
  if (written.length > size) throw new Error("the ballot is longer than any may be");
  const body = new Uint8Array(size).fill(0x20);
  body.set(written);
  return body;
}
