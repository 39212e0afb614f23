import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope } from "vue";

import { type IdleWatch, watchIdle } from "./idle";

/** A login that lasts half an hour after its last use, and no longer than `longest` in all. */
class Login {
  end = Date.now() + 1800_000;
  longest = Infinity;
  renewals = 0;
  asked = 0;

  left = async () => {
    this.asked += 1;
    const left = Math.floor((Math.min(this.end, this.longest) - Date.now()) / 1000);
    if (left <= 0) {
      this.renewals += 1;
      await this.use();
    }
    return left > 0 ? left : 1800;
  };
  use = async () => void (this.end = Date.now() + 1800_000);
}

const scope = effectScope();
let login: Login;
let watch: IdleWatch;

beforeEach(() => {
  vi.useFakeTimers();
  login = new Login();
  watch = scope.run(() => watchIdle({ left: login.left, use: login.use })) as IdleWatch;
});

afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

describe("a login that nobody works with", () => {
  it("is warned of a minute before its end, and no sooner", async () => {
    await pass(1735);
    expect(watch.warning.value).toBeNull();
    await pass(10);
    expect(watch.warning.value).toBeGreaterThan(40);
    expect(login.asked).toBeLessThan(6);
  });

  it("lasts when one goes on", async () => {
    await pass(1760);
    await watch.goOn();
    expect(watch.warning.value).toBeNull();
    await pass(1700);
    expect(watch.warning.value).toBeNull();
    expect(login.renewals).toBe(0);
  });

  it("lasts when another tab works with it", async () => {
    await pass(1760);
    expect(watch.warning.value).not.toBeNull();
    await login.use();
    await pass(10);
    expect(watch.warning.value).toBeNull();
  });

  it("asks for a new login when it has ended, and is watched again", async () => {
    await pass(1810);
    expect(login.renewals).toBe(1);
    expect(watch.warning.value).toBeNull();
    await pass(1745);
    expect(watch.warning.value).not.toBeNull();
  });

  it("that ends whatever one does is not offered again and again", async () => {
    login.longest = login.end;
    await pass(1745);
    await watch.goOn();
    await pass(20);
    expect(watch.warning.value).toBeNull();
  });
});
