// A chart of many dots: pointing at one tells what it is, and so do the arrow keys, from left to right or from the bottom up. The table
// beneath says the same to whoever runs no script.
export function scatters(): void {
  prepare(document);
  document.addEventListener("htmx:afterSettle", () => prepare(document));
}

function prepare(root: ParentNode): void {
  for (const chart of root.querySelectorAll<HTMLElement>("[data-scatter]:not([tabindex])")) {
    const told = chart.parentElement?.querySelector<HTMLElement>("[data-scatter-told]");
    if (!told) continue;
    chart.tabIndex = 0;
    if (matchMedia("(hover: hover)").matches) told.textContent = told.dataset["scatterHint"] ?? "";
    let here: SVGAElement | undefined;
    const show = (dot: SVGAElement) => {
      here?.classList.remove("here");
      dot.classList.add("here");
      here = dot;
      told.textContent = dot.dataset["dot"] ?? "";
    };
    chart.addEventListener("pointerover", (event) => {
      const dot = event.target instanceof Element ? event.target.closest<SVGAElement>("[data-dot]") : null;
      if (dot) show(dot);
    });
    chart.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && here) {
        location.assign(here.href.baseVal);
        return;
      }
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const along = [...chart.querySelectorAll<SVGAElement>("[data-dot]")].sort((a, b) => step.way * (place(a, step.axis) - place(b, step.axis)));
      const next = here ? along[along.indexOf(here) + 1] : along[0];
      if (next) show(next);
    });
  }
}

const steps: Record<string, { axis: "x" | "y"; way: 1 | -1 } | undefined> = {
  ArrowRight: { axis: "x", way: 1 },
  ArrowLeft: { axis: "x", way: -1 },
  ArrowDown: { axis: "y", way: 1 },
  ArrowUp: { axis: "y", way: -1 },
};

function place(dot: SVGAElement, axis: "x" | "y"): number {
  return Number.parseFloat(dot.parentElement?.getAttribute(axis) ?? "0");
}
