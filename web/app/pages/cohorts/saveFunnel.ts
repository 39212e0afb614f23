/** The funnel in sight, worded in the reader's language, as a download. */

import { formatNumber } from "../../../shared/format/numbers";
import { download } from "../../components/download";
import { useTexts } from "../../language";
import { type Colours, funnelCsv, funnelSvg, type Step } from "./funnelFiles";
import { type FunnelLine, shareOf } from "./funnelLines";
import { texts } from "./texts";

export function saveFunnel(as: "svg" | "csv", name: string, typeName: string, total: number, lines: readonly FunnelLine[]): void {
  const file = `${name.replace(/[\\/:*?"<>|\s]+/g, "_")}.${as}`;
  if (as === "csv") return download(new Blob([funnelCsv(rowsOf(lines))], { type: "text/csv;charset=utf-8" }), file);
  const text = useTexts(texts);
  const svg = funnelSvg(`${text("all", { name: typeName })} ${formatNumber(total)}`, lines.map((line) => stepOf(line, total)), colours());
  download(new Blob([svg], { type: "image/svg+xml" }), file);
}

function stepOf({ number, name, step, isLast }: FunnelLine, total: number): Step {
  const text = useTexts(texts);
  const includes = step.kind === "include";
  return {
    name: `${number}. ${text(includes ? "notIncluded" : "excludedBy", { name })}`,
    out: formatNumber(step.out),
    unknown: step.unknown ? text(includes ? "unknownLeft" : "unknownKept", { n: formatNumber(step.unknown) }) : "",
    stay: `${text(isLast ? "final" : "stay")} ${formatNumber(step.in)}`,
    share: shareOf(step.in, total),
  };
}

function rowsOf(lines: readonly FunnelLine[]): (string | number)[][] {
  const text = useTexts(texts);
  const head = [text("step"), text("kind"), text("criteria"), text("reached"), text("leave"), text("unknown"), text("stay")];
  return [head, ...lines.map(({ number, name, reached, step }) => [number, text(step.kind), name, reached, step.out, step.unknown, step.in])];
}

/** Of the theme, in one place. */
function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { ink: of("ink"), muted: of("ink-3"), line: of("line-strong"), paper: of("paper"), accent: of("accent") };
}
