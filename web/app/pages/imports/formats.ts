/** What the format of an import is called. */

import type { Label } from "../../../shared/texts";
import { labelText } from "../../language";
import { FORMATS } from "./texts";

export function formatName(format: string): string {
  return labelText((FORMATS as Readonly<Record<string, Label>>)[format]) || format;
}
