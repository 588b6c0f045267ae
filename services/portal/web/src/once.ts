// What is shown once only is gone when its page is left: the browser's Back does not bring it back.

export function once(): void {
  const page = document.querySelector<HTMLElement>("[data-once]");
  if (!page) return;
  window.addEventListener("pagehide", () => page.querySelectorAll("[data-once-only]").forEach((secret) => secret.remove()));
  // Loading it anew would send its form again: it leads to where it is decided over instead, at another address than the form's, since a
  // browser takes the same one for the same request.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    event.stopImmediatePropagation(); // what listens for prompts would load the page anew
    location.replace(page.dataset.once ?? "/");
  });
}
