// Courtesies of forms and menus. Everything works without them.

export function courtesies(): void {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("input", onInput);
  document.addEventListener("click", closeMenus);
  document.addEventListener("click", copyOrPrint);
  document.querySelectorAll<HTMLElement>("[data-copy], [data-print]").forEach((button) => (button.hidden = false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(event);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(ready);
  });
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
  document.querySelectorAll<HTMLTextAreaElement>("textarea").forEach(count);
  // On a phone the navigation is wider than the screen: the entry that the reader is in must be seen.
  document.querySelectorAll(".tabs [aria-current], .nav [aria-current]").forEach((entry) => entry.scrollIntoView({ inline: "center", block: "nearest" }));
}

// A form is sent once, however often its button is pressed. The button stays focusable, so it is not disabled but marked.
function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (!form.hasAttribute("data-busy")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sent", "");
  const button = event.submitter ?? form.querySelector("button");
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  const text = button.getAttribute("data-busy-text");
  const label = button.querySelector<HTMLElement>("[data-button-text]");
  if (text && label) {
    label.textContent = text;
    announce(text);
  }
}

// A page that comes back from the browser's memory is as good as new.
function ready(form: Element): void {
  form.removeAttribute("data-sent");
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

// Buttons that only a script can answer are hidden until there is one.
async function copyOrPrint(event: MouseEvent): Promise<void> {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-print]")) window.print();
  const button = event.target.closest<HTMLElement>("[data-copy]");
  const field = document.getElementById(button?.dataset.copy ?? "");
  if (!button || !(field instanceof HTMLInputElement)) return;
  field.select();
  await navigator.clipboard?.writeText(field.value);
  announce(button.dataset.copied ?? "");
  button.textContent = button.dataset.copied ?? button.textContent;
}

function onInput(event: Event): void {
  if (event.target instanceof HTMLTextAreaElement) count(event.target);
}

/** Says beside a text how many characters are left. */
export function count(area: HTMLTextAreaElement): void {
  const counter = document.querySelector<HTMLElement>(`[data-counter="${CSS.escape(area.id)}"]`);
  if (!counter || area.maxLength < 0) return;
  if (area.value === "" && !counter.dataset.counted) return;
  counter.dataset.counted = "yes";
  const left = new Intl.NumberFormat(document.documentElement.lang).format(area.maxLength - area.value.length);
  counter.textContent = (counter.dataset.left ?? "").replace("%", left);
}

function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    const inside = event.target instanceof Node && menu.contains(event.target);
    if (event instanceof KeyboardEvent) {
      menu.open = false;
      if (inside) menu.querySelector("summary")?.focus();
    } else if (!inside) {
      menu.open = false;
    }
  }
}

export function announce(text: string): void {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}
