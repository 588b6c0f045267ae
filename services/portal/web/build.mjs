// Bundles what the browser runs into the folder that the Go program embeds.
import { build } from "esbuild";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "..", "internal", "assets", "dist");

for (const name of await readdir(out)) {
  if (name !== ".gitkeep") await rm(join(out, name), { recursive: true });
}

await build({
  absWorkingDir: here,
  entryPoints: { app: "src/app.ts", chart: "src/chart.ts" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "info",
});
