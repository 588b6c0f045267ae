// The codes of printed cards, as services/barometer/internal/card makes them; both are run against the same values. A code never leaves
// the browser: what is sent is a place that is derived from it, and what comes back opens with a key that is derived from it too.
import { toBase64, type Token } from "./ballot-token";

// Neither 0 and O nor 1 and I. The 32 characters are the elements of the field that the check is computed in.
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const length = 18;
const group = 3;
const placeBits = 128;
const keyBits = 256;
const nonceBytes = 12;
const fingerprintBytes = 32;
const messageBytes = 64;
const signatureBytes = 256;
const tagBytes = 16;

/** The length of all that is sealed. */
export const sealedBytes = nonceBytes + fingerprintBytes + messageBytes + signatureBytes + tagBytes;

/** What is wrong with what was typed: how much, with which, or that a character is wrong or two changed places. */
export type Slip = "length" | "character" | "slip";

/** What a card holds: a token, and the fingerprint of the key of the cell in which it counts. */
export interface Vote {
  key: string;
  token: Token;
}

/** What was typed of a code, without what only stands between. */
export function bare(typed: string): string {
  return typed.toUpperCase().replace(/[\s\u00a0\u202f-]/g, "");
}

/** As it stands on the card: in groups. */
export function grouped(typed: string): string {
  return bare(typed).replace(new RegExp(`(.{${group}})(?=.)`, "g"), "$1 ");
}

/** What is wrong with a code; nothing where it could be one. */
export function slip(typed: string): Slip | undefined {
  const values = [...bare(typed)].map((character) => alphabet.indexOf(character));
  if (values.includes(-1)) return "character";
  if (values.length !== length) return "length";
  // Each character counts with a power of its own, and the sum of all is zero: Horner's way.
  return values.reduce((sum, value) => timesX(sum) ^ value, 0) === 0 ? undefined : "slip";
}

export function complete(typed: string): boolean {
  return bare(typed).length >= length;
}

// Multiplies by x in the field of 32 elements, modulo x⁵ + x² + 1.
function timesX(a: number): number {
  return a & 16 ? ((a << 1) ^ 5) & 31 : a << 1;
}

/** Under what name the code's token is kept. */
export async function placeOf(code: string): Promise<string> {
  const bits = new Uint8Array(await derive(code, "place", placeBits));
  return hex(bits);
}

/** Opens what was sealed under the code; nothing where it was not. */
export async function unseal(code: string, sealed: Uint8Array<ArrayBuffer>): Promise<Vote | undefined> {
  const additionalData = new TextEncoder().encode(await placeOf(code));
  const key = await crypto.subtle.importKey("raw", await derive(code, "key", keyBits), "AES-GCM", false, ["decrypt"]);
  let plain: Uint8Array;
  try {
    const iv = sealed.subarray(0, nonceBytes);
    plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed.subarray(nonceBytes)));
  } catch {
    return undefined;
  }
  const signed = plain.subarray(fingerprintBytes);
  return {
    key: hex(plain.subarray(0, fingerprintBytes)),
    token: { message: toBase64(signed.subarray(0, messageBytes)), signature: toBase64(signed.subarray(messageBytes)) },
  };
}

async function derive(code: string, purpose: string, bits: number): Promise<ArrayBuffer> {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(bare(code)), "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(`jalon card: ${purpose}`);
  return crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, secret, bits);
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

