/** What a browser calls itself, in words that its user knows: "Chrome · Windows". */

type Known = readonly [mark: RegExp, name: string];

// The first that fits: Edge and others call themselves Chrome, too, and Chrome Safari.
const BROWSERS: readonly Known[] = [
  [/MicroMessenger/, "WeChat"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/QQBrowser/, "QQ Browser"],
  [/Firefox\/|FxiOS/, "Firefox"],
  [/Chrom(e|ium)\/|CriOS/, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl|python|httpx|Wget/i, "Script"],
];
const SYSTEMS: readonly Known[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
];

const nameOf = (known: readonly Known[], agent: string) => known.find(([mark]) => mark.test(agent))?.[1];

/** "" when nothing of it is known. */
export function deviceName(agent: string): string {
  return [nameOf(BROWSERS, agent), nameOf(SYSTEMS, agent)].filter(Boolean).join(" · ");
}
