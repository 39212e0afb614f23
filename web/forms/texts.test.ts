import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { dictionary, rendererTexts } from "./texts";

const FORMIO = new URL("../node_modules/@formio/", import.meta.url);
const CLASSES = [
  "_classes/component/Component", "_classes/input/Input", "_classes/multivalue/Multivalue", "_classes/list/ListComponent",
  "_classes/nested/NestedComponent", "textfield/TextField", "textarea/TextArea", "radio/Radio", "select/Select",
  "selectboxes/SelectBoxes", "panel/Panel", "columns/Columns", "content/Content",
].map((name) => `js/lib/cjs/components/${name}.js`);
const TEMPLATES = ["component", "field", "label", "input", "select", "selectOption", "radio", "panel", "columns", "html", "message", "loading", "webform", "components"].map(
  (name) => `bootstrap/lib/cjs/templates/bootstrap5/${name}/form.ejs.js`,
);
/** Said to developers in the console, or only by editors and number fields that our forms do not have. */
const NEVER_SHOWN = new Set([
  "addonSupportTypeError", "calculatedPathDeprecation", "renderTemplateFunctionDeprecation", "setPathError", "unknownTemplate",
  "whenReadyDeprecation", "caretPositionSavingError", "indexedDBSupportError", "editorFocusError", "needConfigurationForQuill",
  "noFilesSelected", "quillImageUploadFailed", "failedToCompareItems", "failedToNormalize", "numeric only",
]);

function keysIn(path: string): string[] {
  const source = readFileSync(new URL(path, FORMIO), "utf8");
  return [...source.matchAll(/\.t\(\s*['"]([^'"]+)['"]/g)].map(([, key]) => key ?? "");
}

describe("the renderer's own words", () => {
  it("are ours in both languages, for every component that our forms use", () => {
    const keys = [...CLASSES, ...TEMPLATES].flatMap(keysIn);
    expect(keys.length).toBeGreaterThan(10);
    expect([...new Set(keys)].filter((key) => !NEVER_SHOWN.has(key) && !Object.hasOwn(rendererTexts, key))).toEqual([]);
  });

  it("hold no Chinese in English and no English in Chinese", () => {
    expect(Object.values(dictionary("en")).join("")).not.toMatch(/[㐀-鿿]/);
    expect(Object.values(dictionary("zh")).every((text) => /[㐀-鿿]/.test(text))).toBe(true);
  });
});
