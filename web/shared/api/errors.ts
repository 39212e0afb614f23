/** What can go wrong with a request. */

import { inLocalTime } from "../format/dates";

/** The server's answer was an error; `message` is for people and in their language. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly details: Readonly<Record<string, unknown>>,
    readonly requestId: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** No answer came. For a request that changes something it is not known whether it was carried out. */
export class ConnectionLost extends Error {
  constructor(readonly method: string) {
    super(`No answer to ${method}`);
    this.name = "ConnectionLost";
  }
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

interface ErrorBody {
  code: string;
  message: string;
  details: Record<string, unknown>;
  request_id: string;
}

/** The error in a response that is not OK; a body that is no error of ours is named by its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const requestId = response.headers.get("X-Request-Id") ?? "";
  if (!isErrorBody(body)) return new ApiError("Unreadable", response.status, "", {}, requestId);
  return new ApiError(body.code, response.status, inLocalTime(body.message), body.details ?? {}, body.request_id ?? requestId);
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === "object" && body !== null && "code" in body && "message" in body;
}
