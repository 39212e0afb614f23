/** Starts the application in the page's `#app` element. */

import { createApp } from "vue";

import App from "./App.vue";

createApp(App).mount("#app");
