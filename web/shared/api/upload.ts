/** Sending files, with progress: the one thing that fetch can't tell. */

import { inLocalTime } from "../format/dates";
import { API } from "./client";
import { ApiError, ConnectionLost } from "./errors";
import type { StoredFile } from "./types";

export interface UploadOptions {
  csrfToken: string | null;
  language: string;
  /** The user through whose eyes one looks, who changes nothing meanwhile. */
  viewAs?: number | null;
  /** Told the share sent so far, 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Stores `file`. Rejects with ApiError, ConnectionLost, or AbortError. */
export function uploadFile(file: File, options: UploadOptions): Promise<StoredFile> {
  const request = new XMLHttpRequest();
  request.open("POST", `${API}/files`);
  request.setRequestHeader("Accept-Language", options.language);
  if (options.csrfToken) request.setRequestHeader("X-CSRF-Token", options.csrfToken);
  if (options.viewAs) request.setRequestHeader("X-View-As", String(options.viewAs));
  request.upload.onprogress = (event) => options.onProgress?.(event.total ? event.loaded / event.total : 0);
  options.signal?.addEventListener("abort", () => request.abort(), { once: true });

  return new Promise((resolve, reject) => {
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as StoredFile);
      else reject(uploadError(request));
    };
    request.onerror = () => reject(new ConnectionLost("POST"));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    const form = new FormData();
    form.set("file", file);
    request.send(form);
  });
}

function uploadError(request: XMLHttpRequest): ApiError {
  const requestId = request.getResponseHeader("X-Request-Id") ?? "";
  try {
    const { code, message, details } = JSON.parse(request.responseText) as ApiError;
    return new ApiError(code, request.status, inLocalTime(message), details ?? {}, requestId);
  } catch {
    return new ApiError("Unreadable", request.status, "", {}, requestId); // a proxy's page, not our server's JSON
  }
}

/** Where a stored file can be downloaded from, for a link. */
export function downloadAddress(fileId: number): string {
  return `${API}/files/${fileId}`;
}
