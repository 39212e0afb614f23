/** Code and name for a definition, proposed from its files before anything is sent. */

import type { Picked } from "./picked";

const HEAD = 64 * 1024; // bytes of a file that are looked at

export interface Proposal {
  code: string;
  name: string;
  /** What the files seem to be; the server decides. */
  format: "arc" | "yaml" | "redcapXml" | "redcapCsv" | "zip" | "unknown";
  /** A kind of definition other than a database, e.g. a field library. */
  kind: string;
}

const NOTHING: Proposal = { code: "", name: "", format: "unknown", kind: "database" };

/** In the order in which the server decides: a library's folder, YAML, a project, a dictionary. */
export async function propose(files: readonly Picked[]): Promise<Proposal> {
  const ending = (...endings: string[]) => files.find(({ name }) => endings.some((each) => name.toLowerCase().endsWith(each)));
  if (files.some(({ name }) => /(^|\/)arc\.csv$/i.test(name))) return { ...NOTHING, code: "isaric_arc", name: "ISARIC ARC", format: "arc" };
  const yaml = ending(".yaml", ".yml");
  if (yaml) return ofYaml(await head(yaml));
  const xml = ending(".xml");
  if (xml) return named(studyName(await head(xml)) || stem(xml), "redcapXml");
  const zip = ending(".zip");
  if (zip) return named(stem(zip), "zip");
  const csv = ending(".csv");
  if (csv) return named(/^dictionary$/i.test(stem(csv)) ? folder(csv) || stem(csv) : stem(csv), "redcapCsv");
  return NOTHING;
}

function named(name: string, format: Proposal["format"]): Proposal {
  return { ...NOTHING, code: codeFrom(name), name, format };
}

/** Our own files: top-level `kind`, `code` and the label's first language. */
function ofYaml(text: string): Proposal {
  const value = (key: string, indent = "") => unquoted(new RegExp(`^${indent}${key}:[ \\t]*(.*)$`, "m").exec(text)?.[1] ?? "");
  const label = /^label:[ \t]*\r?\n((?:[ \t]+.*\r?\n?)*)/m.exec(text)?.[1] ?? "";
  const name = unquoted(/^[ \t]+zh:[ \t]*(.+)$/m.exec(label)?.[1] ?? /^[ \t]+en:[ \t]*(.+)$/m.exec(label)?.[1] ?? "");
  return { ...NOTHING, code: codeFrom(value("code")), name, format: "yaml", kind: value("kind") || "database" };
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}

function studyName(xml: string): string {
  return decoded(/<StudyName>([^<]*)<\/StudyName>/.exec(xml)?.[1] ?? "").trim();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function stem({ name }: Picked): string {
  const file = name.split("/").at(-1) ?? name;
  return file.replace(/\.[^.]*$/, "");
}

function folder({ name }: Picked): string {
  return name.split("/").at(-2) ?? "";
}

/** A legal code: "REDCapR: longitudinal" -> "redcapr_longitudinal"; "" where the name has no Latin letter. */
export function codeFrom(name: string): string {
  const code = name.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+|_+$/g, "").slice(0, 63);
  return code.replace(/_+$/, "");
}

export type CodeFault = "missing" | "pattern" | "long";

/** What is wrong with a code that someone types. */
export function codeFault(code: string): CodeFault | null {
  if (!code) return "missing";
  if (code.length > 63) return "long";
  return /^[a-z][a-z0-9_]*$/.test(code) ? null : "pattern";
}

async function head({ file }: Picked): Promise<string> {
  const bytes = await file.slice(0, HEAD).arrayBuffer();
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const wide = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(wide).decode(bytes).replace(/^\ufeff/, "");
}
