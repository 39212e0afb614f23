/** Sending one file so that a lost connection or an ended session costs nothing but time; see `sendFile`. */

import { ApiError, ConnectionLost } from "../../../shared/api/errors";
import type { StoredFile } from "../../../shared/api/types";

/** The file was moved, changed or deleted after it was chosen. */
export class FileGone extends Error {
  constructor(readonly file: string) {
    super(`${file} can't be read any more`);
    this.name = "FileGone";
  }
}

/** How to reach the server, given by `sendFile`. */
export interface Ways {
  send(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<StoredFile>;
  /** Resolves when the server answers again. */
  back(): Promise<void>;
  /** The session ended: resolves once its user signed in again. */
  renewed(): Promise<unknown>;
}

/**
 * Stores `file`, again and again until the server answered. `onProgress` is told bytes.
 *
 * Rejects with FileGone, ApiError, AbortError, or GivenUp when the person did not sign in again.
 */
export async function sendSurely(
  file: File, name: string, signal: AbortSignal, onProgress: (bytes: number) => void, ways: Ways,
): Promise<StoredFile> {
  for (;;) {
    await checkReadable(file, name);
    try {
      return await ways.send(file, (share) => onProgress(share * file.size), signal);
    } catch (error) {
      onProgress(0);
      if (error instanceof ConnectionLost) {
        await checkReadable(file, name); // browsers tell an unreadable file and a lost connection alike
        await untilAborted(ways.back(), signal);
      } else if (error instanceof ApiError && error.status === 401) await ways.renewed();
      else throw error;
    }
  }
}

async function checkReadable(file: File, name: string): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new FileGone(name);
  }
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException("aborted", "AbortError"));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject);
  });
}
