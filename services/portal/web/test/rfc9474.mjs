// Runs the portal's own source of tokens against the vectors of RFC 9474, Appendix A.1, which are in rfc9474.json. It ends with 0
// when every value is the RFC's.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["../src/ballot-token.ts"],
  bundle: true,
  write: false,
  format: "esm",
  target: ["es2022"],
  logLevel: "error",
});
const source = Buffer.from(outputFiles[0].contents).toString("base64");
const { ask, cellKey, readKey, uncover } = await import(`data:text/javascript;base64,${source}`);

const vector = JSON.parse(await readFile(new URL("rfc9474.json", import.meta.url), "utf8"));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const base64 = (hex) => Buffer.from(hex, "hex").toString("base64url");

// The vectors say what was drawn: the prefix, the salt, and the inverse of the number that blinds.
const n = BigInt(`0x${vector.n}`);
const blinding = inverse(BigInt(`0x${vector.inv}`), n).toString(16).padStart(vector.n.length, "0");
const drawn = [vector.msg_prefix, vector.salt, blinding].map(bytes);
crypto.getRandomValues = (array) => (array.set(drawn.shift()), array);

const jwk = { kty: "RSA", n: base64(vector.n), e: base64(vector.e) };
const imported = await crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
const spki = new Uint8Array(await crypto.subtle.exportKey("spki", imported));
const key = await readKey(spki);

const asked = await ask(key, bytes(vector.msg));
assert.equal(asked.message, base64(vector.input_msg), "the prepared message");
assert.equal(asked.blinded, base64(vector.blinded_msg), "the blinded message");
assert.equal(asked.inverse, base64(vector.inv), "the inverse");
assert.equal(drawn.length, 0, "nothing else is drawn");

const token = await uncover(key, asked, base64(vector.blind_sig));
assert.deepEqual(token, { message: base64(vector.input_msg), signature: base64(vector.sig) }, "the signature");

await assert.rejects(uncover(key, asked, base64(vector.blinded_msg)), "what the key did not sign");
await assert.rejects(uncover(key, asked, base64(vector.blind_sig.slice(2))), "what is too short");
const sum = Buffer.from(await crypto.subtle.digest("SHA-256", spki)).toString("hex");
await assert.rejects(cellKey(Buffer.from(spki).toString("base64url"), sum.replace(/^./, "x")), /fingerprint/);
await assert.rejects(cellKey(Buffer.from(spki).toString("base64url"), sum), /another size/); // the RFC's has 4096 bits

function inverse(a, modulus) {
  let [r, next, s, nextS] = [modulus, a % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next, s, nextS] = [next, r - quotient * next, nextS, s - quotient * nextS];
  }
  return ((s % modulus) + modulus) % modulus;
}
