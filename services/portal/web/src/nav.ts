// On a telephone the menus are longer than the screen: each shows the place where one is. Only the menu is moved, never the page.
export function showWhereOneIs(): void {
  for (const here of document.querySelectorAll<HTMLElement>("nav a[aria-current]")) {
    const menu = here.parentElement!;
    menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.clientWidth) / 2;
  }
}
