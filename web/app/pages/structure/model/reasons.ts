/** Why an edit can't be made, in words; the server says the same of its own document. */

import type { Label } from "../../../../shared/texts";
import { REASONS } from "./texts";

/** An edit that does not fit the document it is applied to. */
export class Misfit extends Error {
  readonly reason: Label;

  constructor(reason: keyof typeof REASONS, name = "") {
    super(REASONS[reason].en.replace("{name}", name));
    this.reason = { zh: REASONS[reason].zh.replace("{name}", name), en: this.message };
  }
}
