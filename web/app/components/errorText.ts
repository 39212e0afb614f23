/** What to tell a person about an error: what happened, what was kept, what to do. */

import { ApiError, ConnectionLost } from "../../shared/api/errors";
import { useTexts } from "../language";
import { texts } from "./texts";

export interface ErrorText {
  what: string;
  requestId: string;
}

export function errorText(error: unknown): ErrorText {
  const text = useTexts(texts);
  if (error instanceof ConnectionLost) return { what: text("lostWhileSaving"), requestId: "" };
  if (!(error instanceof ApiError)) return { what: text("unexpected"), requestId: "" };
  const what = error.message || text("unreadable", { status: error.status });
  return { what, requestId: what.includes(error.requestId) ? "" : error.requestId }; // some messages tell it themselves
}
