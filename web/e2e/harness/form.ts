/** The form of a record, by the labels that a nurse reads. It stands in a frame of the drawer, or of the record's page. */

import type { FrameLocator, Locator, Page } from "playwright-core";

import { becomes } from "./journey.ts";

export const drawer = (page: Page): Locator => page.locator(".right-drawer:visible");
export const form = (page: Page): FrameLocator => page.frameLocator(".form-frame iframe");

/** The place of one field: its label, its input and what is said about it. */
export function place(page: Page, label: string): Locator {
  const frame = form(page);
  return frame.locator("[data-field]").filter({ has: frame.locator("label", { hasText: label }) });
}

const input = (page: Page, label: string): Locator => place(page, label).locator("input:not([type=radio], [type=checkbox]), textarea").first();

export async function fill(page: Page, label: string, text: string): Promise<void> {
  await input(page, label).fill(text);
}

export function typed(page: Page, label: string): Promise<string> {
  return input(page, label).inputValue();
}

export async function choose(page: Page, label: string, choice: string): Promise<void> {
  await place(page, label).getByText(choice, { exact: true }).click();
}

/** Open the record called `name` of the grid in sight. */
export async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("gridcell").filter({ hasText: name }).first().getByRole("button").click();
}

export async function edit(page: Page, name: string): Promise<void> {
  await open(page, name);
  await drawer(page).getByRole("button", { name: "编辑" }).click();
}

/** Wait until the open record says `text`, beside its form or in it. */
export async function says(page: Page, text: string): Promise<void> {
  const inForm = async () => (await form(page).locator("body").innerText({ timeout: 100 }).catch(() => "")) + (await formValues(page));
  await becomes(async () => (await drawer(page).innerText()).includes(text) || (await inForm()).includes(text), true);
}

async function formValues(page: Page): Promise<string> {
  const values = form(page).locator("input, textarea").evaluateAll((inputs) => inputs.map((each) => (each as HTMLInputElement).value).join("\n"));
  return values.catch(() => "");
}
