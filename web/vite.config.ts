/** Builds the pages into dist/, which Flask serves; in development, passes API calls on to Flask. */

import vue from "@vitejs/plugin-vue";
import elementStyles from "unplugin-element-plus/vite";
import { defineConfig } from "vitest/config";

const FLASK = process.env.ZHENSHU_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [vue(), elementStyles({})], // the style sheets of just those Element Plus components that are imported
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    rolldownOptions: { input: ["index.html", "form.html"] }, // the form's page is a document of its own, in a frame
  },
  worker: { format: "es" },
  server: { host: "127.0.0.1", proxy: { "/api": FLASK, "/healthz": FLASK } },
  test: { include: ["{app,shared,forms,viewer}/**/*.test.ts"] },
});
