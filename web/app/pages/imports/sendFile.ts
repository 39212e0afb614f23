/** Sending a file to our server, in this session. */

import type { StoredFile } from "../../../shared/api/types";
import { uploadFile } from "../../../shared/api/upload";
import { language } from "../../language";
import { api, session } from "../../session/session";
import { sendSurely, type Ways } from "./sending";

const OURS: Ways = {
  send: (file, onProgress, signal) => uploadFile(file, { csrfToken: session.csrfToken, language: language.value, viewAs: session.viewAs?.id ?? null, onProgress, signal }),
  back: () => api.connection.lost(),
  renewed: () => api.get("/session"), // it asks for the password over the page
};

/** `onProgress` is told bytes. Rejects as `sendSurely` does. */
export function sendFile(file: File, name: string, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<StoredFile> {
  return sendSurely(file, name, signal, onProgress, OURS);
}
