/** Builds the pages into dist/, which Flask serves; in development, passes API calls on to Flask. */

import vue from "@vitejs/plugin-vue";
import elementStyles from "unplugin-element-plus/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const FLASK = process.env.ZHENSHU_SERVER ?? "http://127.0.0.1:8080";

/** The form's page is a document of its own, in a frame, and built on its own: it shares no script with the application. */
const FORM = "form";

/** Lets the browser run the chunk `early` before it has the application, which imports it too. */
const early: Plugin = {
  name: "early",
  transformIndexHtml: {
    order: "post",
    handler: (_html, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((output) => output.type === "chunk" && output.name === "early")
        .map(({ fileName }) => ({ tag: "script", attrs: { type: "module", async: true, crossorigin: true, src: `/${fileName}` }, injectTo: "head-prepend" })),
  },
};

export default defineConfig(({ mode }) => ({
  plugins: [vue(), elementStyles({}), early], // the style sheets of just those Element Plus components that are imported
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: mode !== FORM,
    rolldownOptions: {
      input: mode === FORM ? "form.html" : "index.html",
      // what the first page needs comes as one file: each file more costs a browser some milliseconds
      output: {
        codeSplitting: {
          groups: [
            { name: "early", test: /session.(?:asking|early)\.ts$/, priority: 1 },
            { name: "start", tags: ["$initial"] },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  server: { host: "127.0.0.1", proxy: { "/api": FLASK, "/healthz": FLASK } },
  test: { include: ["{app,shared,forms,viewer}/**/*.test.ts"], server: { deps: { inline: ["element-plus"] } } },
}));
