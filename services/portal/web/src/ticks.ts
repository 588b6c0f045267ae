// Counts who is ticked in a list of which only so many are taken at once, and says when they are too few or too many.

export function ticks(): void {
  draw();
  document.addEventListener("change", draw);
  document.addEventListener("htmx:afterSettle", draw); // a list that came in place of another
  window.addEventListener("pageshow", draw); // a browser that comes back ticks as it was left
}

function draw(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-ticks]")) {
    const told = form.querySelector<HTMLElement>("[data-ticked]");
    const count = told?.querySelector<HTMLElement>("[data-count]");
    if (!told || !count) continue;
    const ticked = form.querySelectorAll("input[type=checkbox]:checked").length;
    const when = ticked < Number(told.dataset.least) ? "few" : ticked > Number(told.dataset.most) ? "many" : "right";
    if (count.textContent !== String(ticked)) count.textContent = String(ticked);
    for (const text of told.querySelectorAll<HTMLElement>("[data-when]")) text.hidden = text.dataset.when !== when;
    told.classList.toggle("error", when !== "right");
    told.hidden = false;
  }
}
