/** The server's vocabulary of rules, fetched once. */

import type { Vocabulary } from "../../shared/api/types";
import { api } from "../session/session";
import { withLexer, type Words } from "./vocabulary";

let fetched: Promise<Words> | undefined;

export function loadVocabulary(): Promise<Words> {
  fetched ??= api.get<Vocabulary>("/rules/vocabulary").then(withLexer);
  fetched.catch(() => (fetched = undefined)); // asked again at the next chance
  return fetched;
}
