import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LiveEvent } from "@/domain/stories/story";
import { openLiveChannel, type About } from "./live-channel";

class Socket extends EventTarget {
  closed = false;
  constructor(readonly storyId: string | undefined) {
    super();
  }
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

/** What begins or ends to listen in one turn is looked at after it. */
const turn = () => Promise.resolve();

async function channel(about: About = { everyStory: true }) {
  const sockets: Socket[] = [];
  const onSessionOver = vi.fn();
  const live = openLiveChannel({
    connect: (storyId) => {
      const socket = new Socket(storyId);
      sockets.push(socket);
      return socket;
    },
    onSessionOver,
  });
  const heard: LiveEvent[] = [];
  const stop = live.listen((event) => heard.push(event), about);
  await turn();
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
  test("[RE3] after every connect the page is told to fetch anew", async () => {
    const { last, heard, sockets } = await channel();
    last().opens();
    expect(heard).toEqual([{ type: "missed" }]);
    last().ends(1006);
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
    last().opens();
    expect(heard).toEqual([{ type: "missed" }, { type: "missed" }]);
  });

  test("waits longer each time, up to a bound, and less once the network is back", async () => {
    const { last, sockets, live } = await channel();
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

  test("when the server restarts (1012) the pages come back one by one, within two seconds", async () => {
    const pages = await Promise.all(Array.from({ length: 200 }, () => channel()));
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

  test("hands on what happens, once to each listener", async () => {
    const { last, heard, live } = await channel();
    const second: LiveEvent[] = [];
    live.listen((event) => second.push(event), { everyStory: true });
    const event = { type: "story", storyId: "s1" } as const;
    last().says(event);
    expect(heard).toEqual([event]);
    expect(second).toEqual([event]);
  });

  test("a story that changes with every key is told at once, then calmly, and its last change too", async () => {
    const { last, heard } = await channel();
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

  test("[RE3] what it does not understand may have been something", async () => {
    const { last, heard } = await channel();
    last().says({ type: "of-a-newer-server" });
    expect(heard).toEqual([{ type: "missed" }]);
  });

  test("an ended session is said once and not tried again", async () => {
    const { last, sockets, onSessionOver } = await channel();
    last().ends(4401);
    vi.advanceTimersByTime(60_000);
    expect(onSessionOver).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
  });

  test("stays open from one page to the next and closes when nobody listens", async () => {
    const { live, sockets, last, stop } = await channel();
    stop();
    vi.advanceTimersByTime(500);
    const stopAgain = live.listen(() => {}, {});
    await turn();
    vi.advanceTimersByTime(5000);
    expect(sockets).toHaveLength(1);
    expect(last().closed).toBe(false);
    stopAgain();
    vi.advanceTimersByTime(5000);
    expect(last().closed).toBe(true);
  });

  test("hands each listener what is of its story, and what is of none", async () => {
    const { last, heard, live } = await channel({ everyStory: true });
    const [ofOne, ofNone]: LiveEvent[][] = [[], []];
    live.listen((event) => ofOne?.push(event), { storyId: "one" });
    live.listen((event) => ofNone?.push(event), {});
    const all: LiveEvent[] = [
      { type: "versions", storyId: "one" },
      { type: "versions", storyId: "two" },
      { type: "people" },
    ];
    for (const event of all) last().says(event);
    expect(heard).toEqual(all);
    expect(ofOne).toEqual([all[0], all[2]]);
    expect(ofNone).toEqual([all[2]]);
  });

  test("a page about one story asks for that one alone, however many of its parts listen", async () => {
    const { live, sockets } = await channel({});
    expect(sockets).toEqual([]);
    vi.advanceTimersByTime(100);
    for (const about of [{ storyId: "one" }, { storyId: "one" }, {}]) live.listen(() => {}, about);
    await turn();
    vi.advanceTimersByTime(5000);
    expect(sockets.map(({ storyId }) => storyId)).toEqual(["one"]);
  });

  test("a page about no story hears what is of none, and is content with whatever is open", async () => {
    const { live, sockets, last, heard } = await channel({});
    vi.advanceTimersByTime(500);
    expect(sockets.map(({ storyId }) => storyId)).toEqual([undefined]);
    last().opens();
    live.listen(() => {}, {});
    await turn();
    vi.advanceTimersByTime(5000);
    last().says({ type: "people" });
    expect(heard).toEqual([{ type: "missed" }, { type: "people" }]);
    expect(sockets).toHaveLength(1);
  });

  test("[RE3] from a story to the desk: the story is heard until all are, then the page fetches anew", async () => {
    const { live, sockets, heard, stop, last } = await channel({ storyId: "one" });
    last().opens();
    const [ofStory] = sockets;
    stop();
    live.listen((event) => heard.push(event), { everyStory: true });
    await turn();
    expect(sockets.map(({ storyId }) => storyId)).toEqual(["one", undefined]);
    heard.length = 0;
    ofStory?.says({ type: "people" });
    expect(heard).toEqual([{ type: "people" }]);
    expect(ofStory?.closed).toBe(false);
    last().opens();
    vi.advanceTimersByTime(2000);
    expect(ofStory?.closed).toBe(true);
    expect(heard).toEqual([{ type: "people" }, { type: "missed" }]);
  });

  test("from the desk to a story: after a while that one alone, and nothing was missed", async () => {
    const { live, sockets, heard, stop, last } = await channel();
    last().opens();
    const [ofAll] = sockets;
    stop();
    live.listen((event) => heard.push(event), { storyId: "one" });
    await turn();
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(2000);
    expect(last().storyId).toBe("one");
    heard.length = 0;
    last().opens();
    // Told by another process, which was about to when the new socket opened here.
    ofAll?.says({ type: "versions", storyId: "one" });
    vi.advanceTimersByTime(2000);
    expect(ofAll?.closed).toBe(true);
    expect(heard).toEqual([{ type: "versions", storyId: "one" }]);
  });

  test("[RE3] a socket that is replaced before it opened counts for nothing", async () => {
    const { live, sockets, heard, stop, last } = await channel();
    stop();
    live.listen((event) => heard.push(event), { storyId: "one" });
    await turn();
    vi.advanceTimersByTime(2000);
    expect(sockets.map(({ closed }) => closed)).toEqual([true, false]);
    last().opens();
    expect(heard).toEqual([{ type: "missed" }]);
  });

  test("a session that ends between two sockets is said once, and neither stays", async () => {
    const { live, sockets, stop, last, onSessionOver } = await channel({ storyId: "one" });
    last().opens();
    stop();
    live.listen(() => {}, { storyId: "two" });
    await turn();
    sockets[0]?.ends(4401);
    expect(last().closed).toBe(true);
    last().ends(1006);
    vi.advanceTimersByTime(60_000);
    expect(onSessionOver).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(2);
  });
});
