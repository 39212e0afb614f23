import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import { defineConfig } from "eslint/config";
import globals from "globals";
import typescript from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  typescript.configs.strict,
  vue.configs["flat/recommended"],
  {
    files: ["**/*.{ts,vue}"],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: typescript.parser },
    },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "vue/no-v-html": "error",
      "vue/multi-word-component-names": ["error", { ignores: ["App"] }],
      // Layout of templates is a matter of taste that no reader is helped by.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/html-self-closing": ["warn", { html: { void: "always" } }],
    },
  },
  {
    // What people read comes from texts.ts, in both languages; aliases are what they may type.
    files: ["{app,shared,forms,viewer}/**/*.{ts,vue}"],
    ignores: ["**/texts.ts", "**/aliases.ts", "**/*.test.ts", "**/testing.ts", "shared/api/types.ts"],
    rules: {
      "vue/no-bare-strings-in-template": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "Literal[value=/[\\u3400-\\u9fff]/]", message: "Chinese text belongs into texts.ts." },
        { selector: "TemplateElement[value.raw=/[\\u3400-\\u9fff]/]", message: "Chinese text belongs into texts.ts." },
      ],
    },
  },
);
