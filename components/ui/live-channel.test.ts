import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LiveEvent } from "@/domain/stories/story";
import { openLiveChannel } from "./live-channel";

class Socket extends EventTarget {
  closed = false;
  close(): void {
    this.closed = true;
  }
  opens(): void {
    this.dispatchEvent(new Event("open"));
  }
  says(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(data) }));
  }
  ends(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

function channel() {
  const sockets: Socket[] = [];
  const onSessionOver = vi.fn();
  const live = openLiveChannel({
    connect: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    },
    onSessionOver,
  });
  const heard: LiveEvent[] = [];
  const stop = live.listen((event) => heard.push(event));
  const last = (): Socket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  };
  return { live, sockets, last, heard, stop, onSessionOver };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the live channel", () => {
  test("[RE3] after every connect the page is told to fetch anew", () => {
    const { last, heard, sockets } = channel();
    last().opens();
    expect(heard).toEqual([{ type: "missed" }]);
    last().ends(1006);
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
    last().opens();
    expect(heard).toEqual([{ type: "missed" }, { type: "missed" }]);
  });

  test("waits longer each time, up to a bound, and less once the network is back", () => {
    const { last, sockets, live } = channel();
    for (let tries = 0; tries < 8; tries += 1) {
      last().ends(1006);
      vi.advanceTimersByTime(20_000);
    }
    expect(sockets).toHaveLength(9);
    last().ends(1006);
    vi.advanceTimersByTime(5000);
    expect(sockets).toHaveLength(9);
    live.hurry();
    expect(sockets).toHaveLength(10);
  });

  test("when the server restarts (1012) the pages come back one by one, within two seconds", () => {
    const pages = Array.from({ length: 200 }, channel);
    for (const { last } of pages) last().ends(1012);
    const back = () => pages.filter(({ sockets }) => sockets.length === 2).length;
    vi.advanceTimersByTime(199);
    expect(back()).toBe(0);
    // Of 200 evenly spread ones some are back early, some only late: a chance of less than one in a billion.
    vi.advanceTimersByTime(500);
    expect(back()).toBeGreaterThan(0);
    expect(back()).toBeLessThan(200);
    vi.advanceTimersByTime(1301);
    expect(back()).toBe(200);
  });

  test("hands on what happens, once to each listener", () => {
    const { last, heard, live } = channel();
    const second: LiveEvent[] = [];
    live.listen((event) => second.push(event));
    const event = { type: "story", storyId: "s1" } as const;
    last().says(event);
    expect(heard).toEqual([event]);
    expect(second).toEqual([event]);
  });

  test("a story that changes with every key is told at once, then calmly, and its last change too", () => {
    const { last, heard } = channel();
    const event = { type: "story", storyId: "s1" } as const;
    for (let key = 0; key < 100; key += 1) {
      last().says(event);
      vi.advanceTimersByTime(10);
    }
    expect(heard.length).toBeLessThanOrEqual(5);
    const before = heard.length;
    vi.advanceTimersByTime(1000);
    expect(heard).toHaveLength(before + 1);
    last().says(event);
    expect(heard).toHaveLength(before + 2);
  });

  test("[RE3] what it does not understand may have been something", () => {
    const { last, heard } = channel();
    last().says({ type: "of-a-newer-server" });
    expect(heard).toEqual([{ type: "missed" }]);
  });

  test("an ended session is said once and not tried again", () => {
    const { last, sockets, onSessionOver } = channel();
    last().ends(4401);
    vi.advanceTimersByTime(60_000);
    expect(onSessionOver).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
  });

  test("stays open from one page to the next and closes when nobody listens", () => {
    const { live, sockets, last, stop } = channel();
    stop();
    vi.advanceTimersByTime(500);
    const stopAgain = live.listen(() => {});
    vi.advanceTimersByTime(5000);
    expect(sockets).toHaveLength(1);
    expect(last().closed).toBe(false);
    stopAgain();
    vi.advanceTimersByTime(5000);
    expect(last().closed).toBe(true);
  });
});
