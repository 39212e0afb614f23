/** Short notices at the corner: what was done, or why not. Errors stay until they are closed. */

import { ElNotification } from "element-plus";

import { isAborted } from "../../shared/api/errors";
import { GivenUp } from "../session/session";
import { errorText } from "./errorText";

const BELOW_TOP_BAR = 56;

export function notifyDone(message: string): void {
  ElNotification.success({ title: message, duration: 4000, offset: BELOW_TOP_BAR });
}

export function notifyError(error: unknown, title: string): void {
  if (isAborted(error) || error instanceof GivenUp) return; // the user left; they know
  const { what, requestId } = errorText(error);
  const message = requestId ? `${what} (${requestId})` : what;
  ElNotification.error({ title, message, duration: 0, offset: BELOW_TOP_BAR });
}
