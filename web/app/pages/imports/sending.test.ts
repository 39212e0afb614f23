import { describe, expect, it, vi } from "vitest";

import { ApiError, ConnectionLost } from "../../../shared/api/errors";
import { FileGone, sendSurely } from "./sending";

const stored = { id: 7, name: "a.csv", size: 3, sha256: "" };
const file = new File(["abc"], "a.csv");
const going = new AbortController().signal;
const nothing = () => undefined;
const refusal = (status: number) => new ApiError("x", status, "", {}, "");

function ways(...answers: unknown[]) {
  const send = vi.fn(() => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as typeof stored);
  });
  return { send, back: vi.fn(() => Promise.resolve()), renewed: vi.fn(() => Promise.resolve()) };
}

describe("sending a file", () => {
  it("goes on by itself once the connection is back", async () => {
    const mine = ways(new ConnectionLost("POST"), new ConnectionLost("POST"), stored);

    expect(await sendSurely(file, "a.csv", going, nothing, mine)).toBe(stored);
    expect(mine.back).toHaveBeenCalledTimes(2);
  });

  it("goes on after the session was renewed", async () => {
    const mine = ways(refusal(401), stored);

    expect(await sendSurely(file, "a.csv", going, nothing, mine)).toBe(stored);
    expect(mine.renewed).toHaveBeenCalledOnce();
  });

  it("ends with what the server refuses", async () => {
    await expect(sendSurely(file, "a.csv", going, nothing, ways(refusal(413)))).rejects.toMatchObject({ status: 413 });
  });

  it("says that the file is gone instead of waiting for a connection that is there", async () => {
    const gone = { size: 3, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) }) };
    const mine = ways(stored);

    await expect(sendSurely(gone as unknown as File, "dir/a.csv", going, nothing, mine)).rejects.toEqual(new FileGone("dir/a.csv"));
    expect(mine.send).not.toHaveBeenCalled();
  });

  it("can be stopped while the connection is away", async () => {
    const stop = new AbortController();
    const mine = { ...ways(new ConnectionLost("POST")), back: () => new Promise<void>(() => stop.abort()) };

    await expect(sendSurely(file, "a.csv", stop.signal, nothing, mine)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("tells bytes, and begins anew after a failure", async () => {
    const told: number[] = [];
    const send = vi.fn((_: File, onProgress: (share: number) => void) => {
      onProgress(0.5);
      return send.mock.calls.length === 1 ? Promise.reject(new ConnectionLost("POST")) : Promise.resolve(stored);
    });

    await sendSurely(new File(["abcd"], "a"), "a", going, (bytes) => told.push(bytes), { ...ways(), send });

    expect(told).toEqual([2, 0, 2]);
  });
});
