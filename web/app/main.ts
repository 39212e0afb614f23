/** Starts the application. */

import "./session/asking";
import "../shared/theme";

import { createApp } from "vue";

import App from "./App.vue";
import { notifyError } from "./components/notify";
import { texts } from "./components/texts";
import { followLanguage, useTexts } from "./language";
import { router } from "./router";
import { listenForShortcuts } from "./shell/shortcuts";

followLanguage();
listenForShortcuts(document);

const app = createApp(App);
app.config.errorHandler = (error) => {
  console.error(error);
  notifyError(error, useTexts(texts)("failed"));
};
app.use(router);
app.mount("#app");
