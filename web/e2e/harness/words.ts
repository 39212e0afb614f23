/** What no page may show to anyone, and what a Chinese page may not show: words that nobody translated. */

import type { Page } from "playwright-core";

/** Names and keys that are the same in every language. */
const SAME_EVERYWHERE = new Set(
  "zhenshu excel enter esc ctrl shift alt home end delete insert tab admin designer researcher reader security auditor english redcap json yaml system stata parquet questionnaire".split(" "),
);

const NEVER = /\bundefined\b|\[object|\bNaN\b|\bnull\b/;
const ENGLISH = /(?<![A-Za-z0-9_])[A-Za-z][A-Za-z_]{3,}(?![A-Za-z0-9_])/g;

/** Fields in a rule, names of files and e-mail addresses: [height], [ct_exam.lesion.size], project.xml, a@hospital.cn. */
const NAMES = /\[[\w.]+\]|Form\.io|[\w＊]+@[\w.＊]+|[\w-]+\.(?:xml|csv|xlsx|zip|yaml)\b/g;

/**
 * The texts that can be seen, but not what people typed: codes and expressions stand in <code> or a text field,
 * values of records in a grid's cell or in `.value`; their language is their own.
 */
function seenTexts(): string[] {
  const OWN = "code, pre, textarea, input, script, style, [role=gridcell] .value, .value, .code, [lang=en], [data-column=en]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || !node.textContent?.trim()) continue;
    if (parent.closest(OWN) || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    texts.push(node.textContent.trim());
  }
  return texts;
}

/** Faults of the words that `page` and its frames show now; `foreign` words are allowed. */
export async function wordFaults(page: Page, chinese: boolean, foreign: ReadonlySet<string>): Promise<string[]> {
  const frames = page.frames().filter((frame) => frame === page.mainFrame() || frame.url().startsWith("http"));
  const texts = (await Promise.all(frames.map((frame) => frame.evaluate(seenTexts).catch(() => [])))).flat();
  const faults = texts.filter((text) => NEVER.test(text)).map((text) => `shows "${text}"`);
  if (!chinese) return faults;
  for (const text of texts) {
    const words = (text.replaceAll(NAMES, "").match(ENGLISH) ?? []).filter((word) => isWord(word) && !SAME_EVERYWHERE.has(word.toLowerCase()) && !foreign.has(word));
    if (words.length > 0) faults.push(`a Chinese page says "${text.slice(0, 200)}"`);
  }
  return faults;
}

/** Not an abbreviation (DICOM, REDCap): a word, or a key like `saveNew`. */
function isWord(word: string): boolean {
  return /^[A-Za-z]?[a-z]{3,}$/.test(word) || /^[a-z]+([A-Z][a-z]+)+$/.test(word) || /^[a-z]+(_[a-z]+)+$/.test(word);
}
