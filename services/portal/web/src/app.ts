// What every page runs: htmx for the parts that change in place, live prompts, what is written being kept, and a few courtesies of forms.
import "htmx.org";
import { listen } from "./live";
import { courtesies } from "./forms";
import { inserts } from "./insert";
import { keepTalks } from "./keep";
import { menus } from "./nav";
import { once } from "./once";
import { points } from "./points";
import { scatters } from "./scatter";
import { surveys } from "./survey";
import { ticks } from "./ticks";

menus();
courtesies();
inserts();
points();
scatters();
keepTalks();
surveys();
ticks();
once(); // before whatever loads a page anew that comes back
listen();
