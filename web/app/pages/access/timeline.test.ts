import { expect, it } from "vitest";

import type { RequestProcess, RequestState, RequestStep } from "../../../shared/api/types";
import { timeline } from "./timeline";

const step = (name: RequestStep["step"], at: string): RequestStep => ({
  at, by: "wang", step: name, reason: "",
  given: name === "grant" ? { actions: ["view"], identifying: false, grade: 0, ends_at: "2027-03-31T16:00:00Z" } : null,
});
const use = (day: string, action: string, count: number, hour: string) => ({ resource: "lung.patient", action, channel: "api", day, count, last_at: `${day}T${hour}:00:00+00:00` });

function process(state: RequestState, more: Partial<RequestProcess> = {}): RequestProcess {
  const label = { zh: "肺", en: "Lung" };
  return {
    request: {
      id: 1, state, subject: { id: 7, name: "wang", display_name: "" }, database: { code: "lung", label }, record_type: null, actions: ["view"],
      identifying: false, grade: 0, ends_at: "2027-03-31T16:00:00Z", project: "", reason: "", asked_at: "", grant_id: 3, may_decide: false,
    },
    steps: [step("ask", "2027-01-01T08:00:00+00:00"), step("grant", "2027-01-01T09:00:00+00:00")], uses: [], ...more,
  };
}
const kinds = (of: RequestProcess) => timeline(of).map((moment) => (moment.kind === "step" ? moment.step.step : moment.kind));

it("a grant in force ends with the end to come", () => {
  expect(kinds(process("granted"))).toEqual(["ask", "grant", "end"]);
});

it("one day's uses are one moment, at the time of the last", () => {
  const uses = [use("2027-01-02", "view", 5, "09"), use("2027-01-02", "export", 1, "11"), use("2027-01-03", "view", 2, "08")];
  const moments = timeline(process("granted", { uses }));
  expect(kinds(process("granted", { uses }))).toEqual(["ask", "grant", "uses", "uses", "end"]);
  expect(moments[2]).toMatchObject({ day: "2027-01-02", count: 6, at: "2027-01-02T11:00:00+00:00" });
});

it("a revocation stands after the uses before it, and no end is to come", () => {
  const steps = [...process("revoked").steps, step("revoke", "2027-01-05T08:00:00+00:00")];
  expect(kinds(process("revoked", { steps, uses: [use("2027-01-02", "view", 1, "09")] }))).toEqual(["ask", "grant", "uses", "revoke"]);
});
