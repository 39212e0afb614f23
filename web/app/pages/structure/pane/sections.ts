/** The topics of the pane, and which are open: the same for each field that one looks at. */

import { ref } from "vue";

export type Section = "basics" | "values" | "limits" | "logic" | "privacy" | "origin";

export const openSections = ref<Section[]>(["basics", "values", "limits"]);

const OF: Readonly<Record<string, Section>> = {
  choices: "values", value_set: "values", range: "limits", required: "limits", minimum: "limits", maximum: "limits", missing_codes: "limits",
  logic: "logic", shown_if: "logic", required_if: "logic", calculation: "logic", checks: "logic",
  identifying: "privacy", masking: "privacy", hidden: "privacy", element: "origin",
};

/** Where a column of the table or a property of the field is edited. */
export const sectionOf = (name: string): Section => OF[name] ?? "basics";
