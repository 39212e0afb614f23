/**
 * Looking through another user's eyes: whose, and which requests carry it. Kept in this tab alone, for the user who
 * began it; the server shows what both may see and changes nothing meanwhile.
 */

/** The user whose view it is. `viewer`: whose login it is. */
export interface ViewAs {
  viewer: number;
  id: number;
  name: string;
  /** What the roles of that user permit, as "view:records". */
  permissions: string[];
  /** The page to go back to. */
  from: string;
}

const KEPT_AS = "zhenshu.view-as";

/** The view that `viewer` began in this tab, if any; that of anyone else is dropped. */
export function keptView(viewer: number): ViewAs | null {
  const kept = read();
  if (kept?.viewer === viewer) return kept;
  dropView();
  return null;
}

export function keepView(view: ViewAs): void {
  sessionStorage.setItem(KEPT_AS, JSON.stringify(view));
}

export function dropView(): void {
  sessionStorage.removeItem(KEPT_AS);
}

function read(): ViewAs | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null") as Partial<ViewAs> | null;
    const whole = typeof kept?.viewer === "number" && typeof kept.id === "number" && typeof kept.name === "string" && Array.isArray(kept.permissions) && isOwnPath(kept.from);
    return whole ? (kept as ViewAs) : null;
  } catch {
    return null; // what a hand wrote there is worth no error
  }
}

const isOwnPath = (path: unknown) => typeof path === "string" && /^\/(?![/\\])/.test(path);

/** What stays one's own: the login, one's notices, and the state of one's jobs, which pages ask for by themselves. */
const OWN = /^\/(session|notices)(\/|$)|^\/access\/emergencies\/running$/;
const OWN_READS = /^\/(jobs|me\/waiting)(\/|$)/;

/** Whether a request to `path` is made through the other user's eyes. */
export function seesAs(method: string, path: string): boolean {
  return !OWN.test(path) && !(method === "GET" && OWN_READS.test(path));
}
