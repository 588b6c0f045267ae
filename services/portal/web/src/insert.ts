// Puts what a button names where one was writing last, in the texts of the button's language.

let last: HTMLInputElement | HTMLTextAreaElement | null = null;

export function inserts(): void {
  document.addEventListener("focusin", (event) => {
    const field = event.target;
    // Lines that are tried are in a language, too, and hold no fields.
    if ((field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && /^(title|text)\./.test(field.name)) last = field;
  });
  document.addEventListener("click", insert);
  document.addEventListener("htmx:afterSettle", show);
  show();
}

// Buttons that only a script can answer are hidden until there is one; what is said for those without is out of the way then.
function show(): void {
  document.querySelectorAll<HTMLElement>("[data-insert]").forEach((button) => (button.hidden = false));
  document.querySelectorAll<HTMLElement>("[data-fields-plain]").forEach((plain) => (plain.hidden = true));
}

function insert(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest<HTMLElement>("[data-insert]");
  if (!button) return;
  const usual = document.getElementById(button.dataset.insertInto ?? "");
  const field = last?.isConnected && last.name.endsWith(button.dataset.insertOf ?? "") ? last : usual;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const text = button.dataset.insert ?? "";
  const at = field.selectionStart ?? field.value.length;
  field.setRangeText(text, at, field.selectionEnd ?? at, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
