/** A funnel as files: the figure as SVG for a paper, the table as CSV. Both are made of lines that are already worded. */

export interface Step {
  /** "1. 不符合：40 岁以上". */
  name: string;
  out: string;
  /** Who leaves or stays though it can't be told, in words; "" where there is nobody. */
  unknown: string;
  /** "留下" and how many, with their share. */
  stay: string;
  share: string;
}

export interface Colours {
  ink: string;
  muted: string;
  line: string;
  paper: string;
  accent: string;
}

const MAIN = 220; // px, the boxes of who remains
const SIDE = 400;
const GAP = 44;
const BOX = 36;
const LINE = 20;
const EDGE = 8;
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** Chinese signs are as wide as they are high, others about half. */
const widthOf = (sign: string) => (/[\u2e80-\u9fff\uff00-\uffef]/.test(sign) ? 14 : 7.8);

/** The text in lines of a width; a word that fits no line is broken. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s?|\s/g) ?? []) {
    const signs = [...word];
    const size = signs.reduce((sum, sign) => sum + widthOf(sign), 0);
    const pieces = size > width ? signs : [word];
    for (const piece of pieces) {
      const wide = [...piece].reduce((sum, sign) => sum + widthOf(sign), 0);
      if (used + wide > width && line) {
        lines.push(line.trimEnd());
        [line, used] = ["", 0];
      }
      line += piece;
      used += wide;
    }
  }
  return [...lines, line.trimEnd()].filter((each) => each !== "");
}

export function funnelSvg(start: string, steps: readonly Step[], { ink, muted, line, paper, accent }: Colours): string {
  const parts: string[] = [];
  const text = (x: number, y: number, words: string, more = "") => parts.push(`<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`);
  const box = (x: number, y: number, width: number, height: number, stroke: string) =>
    parts.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${paper}" stroke="${stroke}"/>`);
  const arrow = (x1: number, y1: number, x2: number, y2: number) =>
    parts.push(`<path d="M${x1} ${y1}L${x2} ${y2}" fill="none" stroke="${muted}" marker-end="url(#head)"/>`);
  let y = EDGE;
  box(EDGE, y, MAIN, BOX, accent);
  text(EDGE + 12, y + 23, start);
  for (const [i, step] of steps.entries()) {
    const words = wrapped(step.name, SIDE - 100);
    const side = Math.max(BOX, words.length * LINE + 16);
    const below = side + 24 + (step.unknown ? LINE : 0);
    const top = y + BOX;
    const middle = EDGE + MAIN / 2;
    arrow(middle, top, middle, top + below);
    arrow(middle, top + 12 + side / 2, EDGE + MAIN + GAP, top + 12 + side / 2);
    box(EDGE + MAIN + GAP, top + 12, SIDE, side, line);
    words.forEach((each, n) => text(EDGE + MAIN + GAP + 12, top + 12 + 23 + n * LINE, each));
    text(EDGE + MAIN + GAP + SIDE - 12, top + 12 + 23, step.out, 'text-anchor="end" font-weight="600"');
    if (step.unknown) text(EDGE + MAIN + GAP + 12, top + 12 + side + 16, step.unknown, `font-size="12" fill="${muted}"`);
    y = top + below;
    box(EDGE, y, MAIN, BOX, i === steps.length - 1 ? accent : line);
    text(EDGE + 12, y + 23, step.stay);
    text(EDGE + MAIN - 12, y + 23, step.share, `text-anchor="end" font-size="12" fill="${muted}"`);
  }
  const [width, height] = [2 * EDGE + MAIN + GAP + SIDE, y + BOX + EDGE];
  const head = `<marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="${muted}"/></marker>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}' font-size="14" fill="${ink}"><defs>${head}</defs>${parts.join("")}</svg>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** With a mark of its encoding, for spreadsheets, which must not take a text for a formula. */
export function funnelCsv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
