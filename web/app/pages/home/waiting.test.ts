import { describe, expect, it } from "vitest";

import type { DatabaseSummary, Job } from "../../../shared/api/types";
import { waitingFor } from "./waiting";

const draft = { code: "lung", draft_version: 3 } as DatabaseSummary;
const settled = { code: "liver", draft_version: 0 } as DatabaseSummary;
const job = (created_by: string, state: Job["state"]) => ({ id: 1, created_by, state }) as Job;

describe("what waits for me", () => {
  it("is a draft only where I may design", () => {
    expect(waitingFor({ name: "a", mayDesign: true }, [draft, settled], [])).toEqual([{ kind: "draft", database: draft }]);
    expect(waitingFor({ name: "a", mayDesign: false }, [draft, settled], [])).toEqual([]);
  });

  it("is my own failed job, not another's and not one that runs", () => {
    const mine = job("a", "failed");
    const found = waitingFor({ name: "a", mayDesign: false }, [], [job("b", "failed"), mine, job("a", "running")]);
    expect(found).toEqual([{ kind: "failed", job: mine }]);
  });
});
