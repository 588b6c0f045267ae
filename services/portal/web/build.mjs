// Bundles what the browser runs into the folder that the Go program embeds.
import { build, transform } from "esbuild";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "..", "internal", "assets", "dist");

for (const name of await readdir(out)) {
  if (name !== ".gitkeep") await rm(join(out, name), { recursive: true });
}

// A stylesheet that a script imports is its text, made small.
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: "es2022" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await build({
  absWorkingDir: here,
  entryPoints: { app: "src/app.ts", ballot: "src/ballot.ts", chart: "src/chart.ts", kiosk: "src/kiosk.ts", "jalon-prompt": "src/prompt.ts" },
  plugins: [styles],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "info",
});
