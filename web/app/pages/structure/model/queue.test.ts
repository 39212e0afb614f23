import { describe, expect, it, vi } from "vitest";

import { ApiError, ConnectionLost } from "../../../../shared/api/errors";
import type { PatchStep } from "../../../../shared/api/jsonPatch";
import type { DatabaseDocument, Draft, Edit } from "../../../../shared/api/types";
import { apply } from "./apply";
import { type Act, DraftQueue, type Left } from "./queue";
import { aDocument, aDraft, aField, aType } from "./testing";

const set = (field: string, values: object): Act => ({ edits: [{ edit: "set_field", record_type: "patient", field, set: values }] });
const START = aDocument([aType("patient", [aField("a"), aField("b")])]);

/** As the server tells them: here each part of a document that is another one, whole. */
const changesOf = (before: DatabaseDocument, after: DatabaseDocument): PatchStep[] =>
  Object.entries(after)
    .filter(([part, value]) => value !== before[part as keyof DatabaseDocument])
    .map(([part, value]) => ({ op: part in before ? "replace" : "add", path: `/${part}`, value }));

/** A server that keeps a draft, can be told to fail once, and lets a test hold its answers. */
function aServer() {
  let draft = aDraft(START);
  let failure: ((version: number, edits: readonly Edit[]) => unknown) | null = null;
  let gate: Promise<void> = Promise.resolve();
  const requests: number[] = [];
  const store = (document: DatabaseDocument, by = "me") => (draft = { ...draft, version: draft.version + 1, by, document: structuredClone(document) });
  const conflict = () => new ApiError("DraftChanged", 409, "changed", { version: draft.version }, "");
  return {
    requests,
    store,
    draft: () => draft,
    failOnce: (make: NonNullable<typeof failure>) => (failure = make),
    hold() {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    async load(): Promise<Draft> {
      return draft;
    },
    async edit(version: number, edits: readonly Edit[]) {
      requests.push(edits.length);
      await gate;
      const failing = failure;
      failure = null;
      if (failing) throw failing(version, edits);
      if (version !== draft.version) throw conflict();
      const before = draft.document;
      return { ...store(apply(before, edits)), changes: changesOf(before, draft.document) };
    },
    async replace(version: number, document: DatabaseDocument) {
      if (version !== draft.version) throw conflict();
      return store(document);
    },
  };
}

function aQueue(server = aServer(), patience = { pause: 0, longest: 0 }) {
  const refused: Act[] = [];
  const overtaken: Left[][] = [];
  const queue = new DraftQueue(
    server,
    { changed: () => undefined, refused: (act) => refused.push(act), overtaken: (_draft, left) => overtaken.push(left) },
    server.draft(),
    patience,
  );
  const settled = () => vi.waitFor(() => expect([queue.unsaved, queue.sending]).toEqual([0, false]));
  const value = (code: string) => queue.document.record_types[0]?.fields.find((field) => field.code === code);
  return { queue, server, refused, overtaken, settled, value };
}

describe("what is done to a draft", () => {
  it("is in sight at once and stored in its order", async () => {
    const { queue, server, settled, value } = aQueue();
    queue.push(set("a", { unit: "mm" }));
    expect(value("a")?.unit).toBe("mm");
    expect(queue.unsaved).toBe(1);
    await settled();
    expect(server.draft().document.record_types[0]?.fields[0]?.unit).toBe("mm");
    expect(queue.base.version).toBe(2);
  });

  it("while an answer is awaited goes together in the next request", async () => {
    const { queue, server, settled } = aQueue();
    const release = server.hold();
    queue.push(set("a", { unit: "1" }));
    await vi.waitFor(() => expect(queue.sending).toBe(true));
    queue.push(set("a", { unit: "2" }));
    queue.push(set("b", { unit: "3" }));
    release();
    await settled();
    expect(server.requests).toEqual([1, 2]);
    expect(server.draft().document.record_types[0]?.fields.map(({ unit }) => unit)).toEqual(["2", "3"]);
  });

  it("and refused by the server is undone here; the rest is stored", async () => {
    const { queue, server, refused, settled, value } = aQueue();
    const release = server.hold();
    queue.push(set("a", { unit: "1" }));
    release();
    await settled();
    const hold = server.hold();
    queue.push(set("a", { required: true }));
    queue.push(set("b", { unit: "bad" }));
    queue.push(set("a", { unit: "good" }));
    server.failOnce(() => new ApiError("Busy", 422, "first alone is fine", { edit: 1 }, ""));
    hold();
    await settled();
    expect(refused.map(({ edits }) => edits[0]?.set)).toEqual([{ required: true }]);
    expect(value("a")).toMatchObject({ unit: "good" });
    expect(value("a")).not.toHaveProperty("required");
    expect(server.draft().document).toEqual(queue.document);
  });

  it("takes what was done on top of a refused act with it", async () => {
    const { queue, server, refused, settled } = aQueue();
    const release = server.hold();
    server.failOnce(() => new ApiError("EditRefused", 422, "no", { edit: 1 }, ""));
    queue.push({ edits: [{ edit: "add_field", record_type: "patient", field: { code: "c", type: "string" } }] });
    queue.push(set("c", { unit: "mm" }));
    release();
    await settled();
    expect(refused).toHaveLength(2);
    expect(queue.document).toEqual(START);
  });

  it("is sent again after a lost connection when it had not arrived", async () => {
    const { queue, server, settled } = aQueue();
    server.failOnce(() => new ConnectionLost("POST"));
    queue.push(set("a", { unit: "mm" }));
    await settled();
    expect(server.requests).toEqual([1, 1]);
    expect(server.draft().version).toBe(2);
  });

  it("is not sent twice when only its answer was lost", async () => {
    const { queue, server, settled, overtaken } = aQueue();
    server.failOnce((_version, edits) => {
      server.store(apply(server.draft().document, edits));
      return new ConnectionLost("POST");
    });
    queue.push(set("a", { unit: "mm" }));
    await settled();
    expect(server.requests).toEqual([1]);
    expect([queue.base.version, overtaken]).toEqual([2, []]);
  });

  it("goes on top of what someone else stored meanwhile, but for what both changed", async () => {
    const { queue, server, overtaken, settled, value } = aQueue();
    server.store(apply(START, set("a", { unit: "theirs" }).edits), "other");
    const release = server.hold();
    queue.push(set("a", { unit: "mine" }));
    queue.push(set("a", { required: true }));
    queue.push(set("b", { unit: "mine" }));
    release();
    await settled();
    expect(overtaken[0]?.map(({ act }) => act.edits[0]?.set)).toEqual([{ unit: "mine" }]);
    expect([value("a")?.unit, value("a")?.required, value("b")?.unit]).toEqual(["theirs", true, "mine"]);
    expect(server.draft().document).toEqual(queue.document);
  });

  it("to a field that someone else removed is left out and named", async () => {
    const { queue, server, overtaken, settled } = aQueue();
    server.store(apply(START, [{ edit: "remove_field", record_type: "patient", field: "a" }]), "other");
    queue.push(set("a", { unit: "mine" }));
    await settled();
    expect(overtaken[0]?.[0]?.reason.en).toContain("no field patient.a");
  });

  it("waits, all of it, when the server fails, and is sent on a new try", async () => {
    const { queue, server, settled, value } = aQueue();
    server.failOnce(() => new ApiError("Broken", 500, "broken", {}, ""));
    queue.push(set("a", { unit: "mm" }));
    await vi.waitFor(() => expect(queue.failure).not.toBeNull());
    queue.push(set("b", { unit: "cm" }));
    expect([queue.unsaved, value("a")?.unit, value("b")?.unit]).toEqual([2, "mm", "cm"]);
    queue.retry();
    await settled();
    expect(server.draft().document.record_types[0]?.fields.map(({ unit }) => unit)).toEqual(["mm", "cm"]);
  });

  it("typed in one go is one request, but is not put off for ever", async () => {
    const { queue, server, settled } = aQueue(aServer(), { pause: 60, longest: 250 });
    for (const unit of "abc") {
      queue.push(set("a", { unit }));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await settled();
    expect(server.requests).toEqual([3]);
    const typing = setInterval(() => queue.push(set("a", { unit: "x" })), 20);
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(1), { timeout: 900 });
    clearInterval(typing);
    await settled();
  });

  it("keeps the very objects that an answer does not change", async () => {
    const { queue, settled } = aQueue();
    const [, b] = queue.document.record_types[0]?.fields ?? [];
    queue.push(set("a", { unit: "mm" }));
    await settled();
    expect(queue.document.record_types[0]?.fields[1]).toBe(b);
  });
});
