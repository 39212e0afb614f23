/** A script of its own that the browser runs first: it asks the server who is there. */

import { askEarly } from "./early";

askEarly();
