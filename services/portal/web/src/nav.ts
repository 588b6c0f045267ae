// On a telephone the menus are longer than the screen: each shows the place where one is, and fades out at the edges behind which it
// goes on. Only the menu is moved, never the page.
export function menus(): void {
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      showWhereOneIs(target as HTMLElement);
      fade(target as HTMLElement);
    }
  });
  for (const menu of document.querySelectorAll<HTMLElement>(".nav, .tabs .wrap")) {
    menu.addEventListener("scroll", () => fade(menu), { passive: true });
    resized.observe(menu); // which also tells the first size
  }
}

function showWhereOneIs(menu: HTMLElement): void {
  const here = menu.querySelector<HTMLElement>("a[aria-current]");
  if (here) menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.clientWidth) / 2;
}

function fade(menu: HTMLElement): void {
  const behind = menu.scrollWidth - menu.clientWidth - menu.scrollLeft;
  menu.classList.toggle("more-before", menu.scrollLeft > 1); // of a pixel, what is left is rounding
  menu.classList.toggle("more-behind", behind > 1);
}
