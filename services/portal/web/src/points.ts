// Points of a preparation: rows come and go. Without this script each kind has one empty row, and a row that is emptied is removed.
import { announce } from "./forms";

export function points(): void {
  document.querySelectorAll<HTMLElement>("[data-point-add], [data-point-remove]").forEach((button) => (button.hidden = false));
  document.querySelectorAll<HTMLTemplateElement>("template[data-point-new]").forEach((template) => {
    template.content.querySelectorAll<HTMLElement>("[data-point-remove]").forEach((button) => (button.hidden = false));
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const group = event.target.closest<HTMLElement>("[data-points]");
    if (!group) return;
    if (event.target.closest("[data-point-add]")) add(group);
    const remove = event.target.closest<HTMLElement>("[data-point-remove]");
    if (remove) take(group, remove);
  });
}

function add(group: HTMLElement): void {
  const template = group.querySelector<HTMLTemplateElement>("template[data-point-new]");
  const row = (template?.content.cloneNode(true) as DocumentFragment | undefined)?.firstElementChild;
  if (!row) return;
  const id = fresh();
  const hidden = row.querySelector<HTMLInputElement>("input[name=point_id]");
  if (hidden) hidden.value = id;
  for (const field of row.querySelectorAll<HTMLElement>("[id]")) field.id = field.id.replace(/new$/, id);
  row.querySelector("label")?.setAttribute("for", `skill-${id}`);
  group.querySelector("[data-point-list]")?.append(row);
  row.querySelector("textarea")?.focus();
}

function take(group: HTMLElement, button: HTMLElement): void {
  const row = button.closest("[data-point]");
  const form = button.closest("form");
  if (!row) return;
  const last = group.querySelectorAll("[data-point]:not([hidden] *)").length === 1;
  row.remove();
  if (last) add(group);
  group.querySelector<HTMLElement>("[data-point-add]")?.focus();
  announce(button.dataset.removed ?? "");
  form?.dispatchEvent(new Event("input", { bubbles: true }));
}

// An id that no other point has. Plain addresses other than localhost know no randomUUID.
function fresh(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
