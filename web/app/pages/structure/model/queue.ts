/**
 * What was done to a draft and is not stored yet. Acts are applied to the document at once and sent in their
 * order, several in one request while an earlier one is under way; what the answer says they changed is taken
 * over into the document that the server had, in place of what was changed here.
 */

import { ApiError, ConnectionLost } from "../../../../shared/api/errors";
import { patched } from "../../../../shared/api/jsonPatch";
import type { DatabaseDocument, Draft, Edit, EditedDraft } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { apply, isKnown } from "./apply";
import { Misfit } from "./reasons";
import { shared } from "./sharing";

/** Where someone did it, for telling them beside that place when it is refused. */
export interface Place {
  type: string;
  field?: string;
  column?: string;
  /** What they typed. */
  typed?: string;
}

/** One thing that someone did: some edits, or the whole document in place of what there is. */
export interface Act {
  edits: Edit[];
  replace?: DatabaseDocument;
  place?: Place;
}

export interface Transport {
  load(): Promise<Draft>;
  edit(version: number, edits: readonly Edit[]): Promise<EditedDraft>;
  replace(version: number, document: DatabaseDocument): Promise<Draft>;
}

export interface Left {
  act: Act;
  reason: Label;
}

export interface Listener {
  changed(): void;
  /** The server would not do it; it is undone here. */
  refused(act: Act, error: ApiError): void;
  /** Someone else changed the draft: it is theirs now, with our acts on top, but for those that are left out. */
  overtaken(draft: Draft, left: Left[]): void;
}

const MOST_EDITS = 1000; // that one request may carry
/** ms: a request waits until nothing was done for `pause`, but no longer than `longest`. */
const PATIENCE = { pause: 250, longest: 1200 };

export class DraftQueue {
  private waiting: Act[] = [];
  private sent = 0; // of `waiting`, how many are under way
  private oneByOne = false;
  private pumping = false;
  private lastPush = 0;
  /** What the server last gave. */
  base: Draft;
  /** `base` with everything done since. */
  document: DatabaseDocument;
  /** Why nothing can be sent at the moment; null when all is well. */
  failure: unknown = null;

  constructor(
    private readonly transport: Transport,
    private readonly listener: Listener,
    draft: Draft,
    private readonly patience = PATIENCE,
  ) {
    this.base = draft;
    this.document = draft.document;
  }

  /** Acts that are not stored yet. */
  get unsaved(): number {
    return this.waiting.length;
  }

  get sending(): boolean {
    return this.sent > 0;
  }

  /** @throws Misfit when it can't be done to this document. */
  push(act: Act): void {
    this.document = applied(this.document, act);
    this.waiting.push(act);
    this.lastPush = Date.now();
    this.listener.changed();
    if (!this.failure) void this.pump();
  }

  /** Try again what failed. */
  retry(): void {
    this.failure = null;
    void this.pump();
  }

  /** Give up what is not stored, for the draft that the server has now. */
  restart(draft: Draft): void {
    this.waiting = [];
    this.failure = null;
    this.take(draft);
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    while (this.waiting.length > 0 && !this.failure) {
      await this.quiet();
      const batch = this.nextBatch();
      this.sent = batch.length;
      this.listener.changed();
      try {
        this.stored(batch, await this.send(batch));
      } catch (error) {
        await this.notStored(batch, error);
      } finally {
        this.sent = 0;
      }
    }
    this.pumping = false;
    this.listener.changed();
  }

  /** Someone who types on is not interrupted by an answer to each word. */
  private async quiet(): Promise<void> {
    const { pause, longest } = this.patience;
    for (const start = Date.now(); pause > 0; ) {
      const left = Math.min(this.lastPush + pause, start + longest) - Date.now();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  }

  private nextBatch(): Act[] {
    const [first] = this.waiting;
    if (!first || first.replace || this.oneByOne) return this.waiting.slice(0, 1);
    const batch: Act[] = [];
    let edits = 0;
    for (const act of this.waiting) {
      edits += act.edits.length;
      if (act.replace || (edits > MOST_EDITS && batch.length > 0)) break;
      batch.push(act);
    }
    return batch;
  }

  private async send(batch: readonly Act[]): Promise<Draft> {
    const { version, document } = this.base;
    const replace = batch[0]?.replace;
    if (replace) return this.transport.replace(version, replace);
    const { changes, ...draft } = await this.transport.edit(version, batch.flatMap(({ edits }) => edits));
    return { ...draft, document: patched(document, changes) };
  }

  private stored(batch: readonly Act[], draft: Draft): void {
    this.waiting.splice(0, batch.length);
    this.oneByOne = false;
    this.take(draft);
  }

  private take(draft: Draft): void {
    this.base = { ...draft, document: shared(this.document, draft.document) };
    this.document = this.waiting.reduce(applied, this.base.document);
    this.listener.changed();
  }

  private async notStored(batch: readonly Act[], error: unknown): Promise<void> {
    if (error instanceof ConnectionLost) return this.reconcile(batch);
    if (error instanceof ApiError && error.code === "DraftChanged") return this.reconcile(batch);
    if (error instanceof ApiError && (error.status === 422 || error.status === 400)) return this.refuse(batch, error);
    this.failure = error;
  }

  /** Which act it was: the answer counts edits from 1; where it does not say, they are tried one by one. */
  private refuse(batch: readonly Act[], error: ApiError): void {
    const number = error.details.edit;
    let guilty = batch.length === 1 ? batch[0] : undefined;
    if (!guilty && typeof number === "number") {
      let last = 0;
      guilty = batch.find(({ edits }) => (last += edits.length) >= number);
    }
    if (!guilty) {
      this.oneByOne = true;
      return;
    }
    this.waiting.splice(this.waiting.indexOf(guilty), 1);
    this.oneByOne = false;
    this.listener.refused(guilty, error);
    this.rebase(this.base, (act) => this.listener.refused(act, error));
  }

  /** No answer, or someone was faster: look at what the server has, and put on top what it lacks. */
  private async reconcile(batch: readonly Act[]): Promise<void> {
    let draft: Draft;
    try {
      draft = await this.transport.load(); // waits until the server can be reached
    } catch (error) {
      this.failure = error;
      return;
    }
    if (draft.version === this.base.version) return; // nothing arrived: send it again
    if (draft.version === this.base.version + 1 && isResult(this.base.document, batch, draft.document)) {
      return this.stored(batch, draft);
    }
    const before = this.base.document;
    const left: Left[] = [];
    this.waiting = this.waiting.filter((act) => {
      const other = act.replace !== undefined || touchedByOther(before, draft.document, act);
      if (other) left.push({ act, reason: new Misfit("changedByOther").reason });
      return !other;
    });
    this.rebase(draft, (act, reason) => left.push({ act, reason }));
    this.listener.overtaken(draft, left);
  }

  /** Our acts on another document; those that no longer fit are left out. */
  private rebase(draft: Draft, misfit: (act: Act, reason: Label) => void): void {
    let document = draft.document;
    this.waiting = this.waiting.filter((act) => {
      try {
        document = applied(document, act);
        return true;
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        misfit(act, error.reason);
        return false;
      }
    });
    this.take(draft);
  }
}

function applied(document: DatabaseDocument, act: Act): DatabaseDocument {
  return act.replace ?? apply(document, act.edits);
}

/**
 * Whether `after` is what the server makes of `before` with the batch: the same fields in the same order, with
 * the values that were set. Rules and forms follow on the server and are no proof.
 */
function isResult(before: DatabaseDocument, batch: readonly Act[], after: DatabaseDocument): boolean {
  const edits = batch.flatMap((act) => act.edits);
  let expected: DatabaseDocument;
  try {
    expected = batch.reduce(applied, before);
  } catch {
    return false; // it does not even fit what we had
  }
  if (edits.every(isKnown) && shapeOf(expected) !== shapeOf(after)) return false;
  return edits.every((edit) => {
    const [ours, theirs] = [subject(expected, edit), subject(after, edit)];
    return settingsOf(edit).every((key) => JSON.stringify(ours?.[key]) === JSON.stringify(theirs?.[key]));
  });
}

function shapeOf({ record_types, value_sets }: DatabaseDocument): string {
  return JSON.stringify([record_types.map(({ code, fields }) => [code, fields.map((field) => field.code)]), Object.keys(value_sets ?? {}).sort()]);
}

/** The properties that an edit sets of its subject. */
function settingsOf(edit: Edit): string[] {
  if (edit.edit === "set_value_set") return [String(edit.code)];
  if (edit.edit === "set_form_items") return ["items"];
  return Object.keys((edit.set ?? {}) as object);
}

/** Whether the other one changed a property that the act sets: then it is not ours to overwrite unseen. */
function touchedByOther(before: DatabaseDocument, theirs: DatabaseDocument, act: Act): boolean {
  return act.edits.some((edit) => {
    const [old, now] = [before, theirs].map((document) => subject(document, edit));
    return old && now && settingsOf(edit).some((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  });
}

function subject(document: DatabaseDocument, edit: Edit): Record<string, unknown> | undefined {
  if (edit.edit === "set_value_set") return document.value_sets as Record<string, unknown> | undefined;
  if (edit.edit === "set_form_items") return document.forms?.find(({ code }) => code === edit.form) as Record<string, unknown> | undefined;
  const type = document.record_types.find(({ code }) => code === edit.record_type);
  const found = edit.edit === "set_record_type" ? type : type?.fields.find(({ code }) => code === edit.field);
  return found as Record<string, unknown> | undefined;
}
