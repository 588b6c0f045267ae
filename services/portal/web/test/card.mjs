// Runs the browser's own source of printed cards against the values that services/barometer/internal/card is run against, and its wait
// for whoever walked away by a clock of its own. It ends with 0 when all is as it should be.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
async function bring(entry) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [`../src/${entry}`],
    bundle: true,
    write: false,
    format: "esm",
    target: ["es2022"],
    logLevel: "error",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const { bare, complete, grouped, placeOf, slip, unseal } = await bring("card.ts");
const vectors = JSON.parse(await readFile(new URL("../../../barometer/internal/card/testdata/vectors.json", import.meta.url), "utf8"));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const base64 = (hex) => Buffer.from(hex, "hex").toString("base64url");
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

for (const vector of vectors) {
  const code = bare(vector.code);
  for (const typed of [vector.code, code, code.toLowerCase(), ` ${vector.code.replaceAll(" ", " - ")}\u00a0`]) {
    assert.equal(slip(typed), undefined);
    assert.equal(grouped(typed), vector.code);
    assert.equal(await placeOf(typed), vector.place);
  }
  assert.deepEqual(await unseal(vector.code, bytes(vector.sealed)), {
    key: vector.key,
    token: { message: base64(vector.message), signature: base64(vector.signature) },
  });
  const changed = bytes(vector.sealed);
  changed[40] ^= 1;
  assert.equal(await unseal(vector.code, changed), undefined, "changed");
  assert.equal(await unseal(vector.code, bytes(vector.sealed.slice(2))), undefined, "cut");
  assert.equal(await unseal(vector.code, new Uint8Array()), undefined, "nothing");

  // Every wrong character, and every two that changed places.
  for (let at = 0; at < code.length; at++) {
    for (const other of alphabet) {
      assert.equal(slip(code.slice(0, at) + other + code.slice(at + 1)), other === code[at] ? undefined : "slip");
    }
    for (let beside = 0; beside < at; beside++) {
      const swapped = [...code];
      [swapped[at], swapped[beside]] = [swapped[beside], swapped[at]];
      assert.equal(slip(swapped.join("")), code[at] === code[beside] ? undefined : "slip");
    }
  }
  assert.equal(slip(code.slice(1)), "length");
  assert.equal(slip(`${code}A`), "length");
  assert.equal(slip(`O${code.slice(1)}`), "character");
  assert.ok(complete(vector.code) && !complete(code.slice(1)));
}
assert.equal(await unseal(vectors[0].code, bytes(vectors[1].sealed)), undefined, "another card's");

// What answers for a card may be the server, or something on the way that knows neither cards nor votes.
const { readCard } = await bring("card-read.ts");
const [vector, other] = vectors;
const html = "<!doctype html><title>Not here</title>";
const json = (code) => JSON.stringify({ error: code });
for (const [what, want, status, body] of [
  ["a card", await unseal(vector.code, bytes(vector.sealed)), 200, bytes(vector.sealed)],
  ["no card", "unknown", 200, bytes(other.sealed)],
  ["a page in place of a card", "offline", 200, html],
  ["nothing in place of a card", "offline", 200, ""],
  ["a card and a half", "offline", 200, bytes(vector.sealed + vector.sealed.slice(vector.sealed.length / 2))],
  ["a vote that is over", "closed", 410, json("closed")],
  ["an edition that is not there", "closed", 404, json("unknown")],
  ["a proxy without the address", "offline", 404, html],
  ["another's JSON", "offline", 404, json("not_found")],
  ["a list in JSON", "offline", 410, "[]"],
  ["no word in JSON", "offline", 404, "null"],
  ["a server that rests", "offline", 503, json("later")],
]) {
  globalThis.fetch = async () => new Response(body, { status });
  assert.deepEqual(await readCard("/ballots/card", "edition", vector.code), want, what);
}
globalThis.fetch = async () => Promise.reject(new TypeError("no network"));
assert.equal(await readCard("/ballots/card", "edition", vector.code), "offline", "no network");

const { Idle, patience, warning } = await bring("kiosk-idle.ts");
const told = [];
let [time, tick, running] = [0, () => {}, false];
const clock = { now: () => time, every: (_, work) => ((tick = work), (running = true), () => (running = false)) };
const idle = new Idle((seconds) => told.push(seconds), () => told.push("left"), clock);
const pass = (ms) => ((time += ms), running && tick());
idle.start();
pass(patience - 1);
idle.touch();
pass(patience - 1);
assert.deepEqual(told, [], "somebody is there");
pass(1);
assert.deepEqual(told, [20]);
idle.touch();
pass(5000);
assert.deepEqual(told, [20, 15], "what asks has to be answered");
idle.start();
pass(1000);
assert.deepEqual(told, [20, 15]);
pass(patience - 1000);
pass(warning - 1);
pass(1);
assert.deepEqual(told, [20, 15, 20, 1, "left"]);
assert.ok(!running);
