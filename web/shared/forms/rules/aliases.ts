/** How a yes and a no may be written. */

export const YES: readonly string[] = ["1", "true", "yes", "是"];
export const NO: readonly string[] = ["0", "false", "no", "否"];
