/** The preview of forms, where the forms are part of this build. */

import { type Component, defineAsyncComponent } from "vue";

const found = import.meta.glob<{ default: Component }>("../../../forms/FormPreview.vue");
const [load] = Object.values(found);

export const hasPreview = load !== undefined;
export const FormPreview: Component | null = load ? defineAsyncComponent(load) : null;
