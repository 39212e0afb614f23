/** Every area of the application, in the order of the left rail. A new area is a line here. */

import type { Area } from "./area";
import { access } from "./pages/access/area";
import { audit } from "./pages/audit/area";
import { databases } from "./pages/databases/area";
import { home } from "./pages/home/area";
import { library } from "./pages/masking/area";
import { users } from "./pages/users/area";

export const AREAS: readonly Area[] = [home, databases, library, users, access, audit];
