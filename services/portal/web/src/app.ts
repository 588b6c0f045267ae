// What every page runs: htmx for the parts that change in place, live prompts, and a few courtesies of forms.
import "htmx.org";
import { listen } from "./live";
import { courtesies } from "./forms";
import { surveys } from "./survey";

courtesies();
surveys();
listen();
