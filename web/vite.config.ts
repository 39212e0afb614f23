/** Builds the pages into dist/, which Flask serves; in development, passes API calls on to Flask. */

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const FLASK = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [vue()],
  build: { target: "es2022", outDir: "dist", emptyOutDir: true },
  worker: { format: "es" },
  server: { host: "127.0.0.1", proxy: { "/api": FLASK } },
  test: { include: ["{app,forms,viewer}/**/*.test.ts"] },
});
