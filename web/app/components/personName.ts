/** Who did something, as people read it: an account's name, or the platform itself. */

import { useTexts } from "../language";
import { texts } from "./texts";

/** The platform signs with this name what it does of itself, and with the other what its command line is told. */
const PLATFORM = "system";
const OPERATOR = "operator:";

export function personName(account: string | null | undefined): string {
  const name = account ?? "";
  const text = useTexts(texts);
  if (name === PLATFORM) return text("platform");
  return name.startsWith(OPERATOR) ? text("operator", { name: name.slice(OPERATOR.length) }) : name;
}
