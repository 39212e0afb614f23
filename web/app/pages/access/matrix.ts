/** A cell of the matrix in a word. */

import type { MatrixRow } from "../../../shared/api/types";

/** "all" where every record is reached, "some" where a rule or ownership limits them, "none" where it is not allowed. */
export function permittedWord(row: Pick<MatrixRow, "permitted">, action: string): "all" | "some" | "none" {
  const found = row.permitted.find((each) => each.action === action);
  if (!found?.allowed) return "none";
  return found.rows === "all" ? "all" : "some";
}
