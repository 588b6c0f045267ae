// A voting token: the server signs it without seeing it, and does not recognise it when a ballot comes with it. RFC 9474,
// RSABSSA-SHA384-PSS-Randomized. All values are in base64url, so that they can be kept and sent.
import { RSABSSA } from "@cloudflare/blindrsa-ts";

const suite = RSABSSA.SHA384.PSS.Randomized();
const randomBytes = 32;
const keyBits = 2048;

/** What was hidden and is to be signed. The inverse takes the cover off, and never leaves the browser. */
export interface Asked {
  message: string;
  blinded: string;
  inverse: string;
}

export interface Token {
  message: string;
  signature: string;
}

/** The key of a cell from its SubjectPublicKeyInfo. It is refused when it is not the one of the fingerprint. */
export async function cellKey(spki: string, fingerprint: string): Promise<CryptoKey> {
  const der = fromBase64(spki);
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", der));
  if (hex(sum) !== fingerprint) throw new Error("the key is not the one of the fingerprint");
  const key = await readKey(der);
  if ((key.algorithm as RsaHashedKeyAlgorithm).modulusLength !== keyBits) throw new Error("the key is of another size");
  return key;
}

/** WebCrypto reads keys with the identifier rsaEncryption; what they are used for stands beside it. */
export function readKey(der: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("spki", der, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
}

export async function ask(key: CryptoKey, secret = crypto.getRandomValues(new Uint8Array(randomBytes))): Promise<Asked> {
  const message = suite.prepare(secret);
  const { blindedMsg, inv } = await suite.blind(key, message);
  return { message: toBase64(message), blinded: toBase64(blindedMsg), inverse: toBase64(inv) };
}

/** Takes the cover off what the server signed; fails when it is no signature of the key. */
export async function uncover(key: CryptoKey, asked: Asked, signed: string): Promise<Token> {
  const signature = await suite.finalize(key, fromBase64(asked.message), fromBase64(signed), fromBase64(asked.inverse));
  return { message: asked.message, signature: toBase64(signature) };
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
