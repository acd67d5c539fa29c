import { expect, test } from "vitest";
import { seededChance, type Chance } from "@/domain/body/test-editing-peers";
import type { ExchangeMessage } from "./exchange";
import { decodeFrame, encodeFrame, encodeMessage, senderOf } from "./exchange-frames";

const seeds = [1, 7, 20_261];
const framesEach = 2_000;

const bytesBy = (chance: Chance, length: number) => Uint8Array.from({ length }, () => chance.number(256));

const nobody = { id: "one", name: "Reporter One" };
const everyKind: readonly ExchangeMessage[] = [
  { kind: "stored", storyId: "story", firstSeq: 3, logSeq: 2 ** 40, update: new Uint8Array([0, 0, 255]) },
  {
    kind: "presence",
    storyId: "story",
    entries: [{ clientId: 2 ** 32 - 1, clock: 5, state: { user: nobody } }],
  },
  { kind: "presence", storyId: "story", entries: [{ clientId: 7, clock: 6, state: null }] },
  { kind: "who-is-here", storyId: "story" },
  { kind: "here", storyId: "story", people: [nobody] },
  {
    kind: "all-here",
    stories: [{ storyId: "story", people: [nobody, { id: "two", name: "Ана \u{1F4F0}" }] }],
  },
  { kind: "event", event: { type: "claims", storyId: "story", claimIds: ["claim"] } },
  { kind: "event", event: { type: "story", storyId: "story" }, isOfText: true },
  { kind: "event", event: { type: "sessions-ended", personId: "one", exceptSessionId: "this" } },
  { kind: "event", event: { type: "session-ended", sessionId: "that" } },
  { kind: "event", event: { type: "rights-changed", storyId: "story" } },
  { kind: "sign-in", account: "one@example.org", client: "127.0.0.1", is: "undone" },
  { kind: "hello" },
  { kind: "alive" },
  { kind: "goodbye" },
];

test("whatever processes say is heard as it was said", () => {
  const frame = encodeFrame("a process", 2 ** 33, everyKind.map(encodeMessage));
  expect(senderOf(frame)).toBe("a process");
  expect(decodeFrame(frame)).toEqual({ from: "a process", number: 2 ** 33, messages: everyKind });
});

test("what a process of another version says beside is left out, the rest is heard", () => {
  const unknown = { kind: "of-tomorrow", storyId: "story" } as unknown as ExchangeMessage;
  const frame = encodeFrame("a process", 1, [unknown, { kind: "hello" } as const].map(encodeMessage));
  expect(decodeFrame(frame).messages).toEqual([{ kind: "hello" }]);
});

test.each(seeds)("frames out of a hat (seed %i) are read or refused", (seed) => {
  const chance = seededChance(seed);
  const whole = encodeFrame("a process", 4, everyKind.map(encodeMessage));
  const makers = [
    () => bytesBy(chance, chance.number(200)),
    () => whole.slice(0, chance.number(whole.byteLength)),
    () => {
      const changed = new Uint8Array(whole);
      for (let n = 0; n <= chance.number(8); n += 1)
        changed[chance.number(changed.length)] = chance.number(256);
      return changed;
    },
    () => new Uint8Array([...whole, ...bytesBy(chance, 1 + chance.number(20))]),
  ];
  let refused = 0;
  for (let n = 0; n < framesEach; n += 1) {
    const bytes = makers[n % makers.length]?.() ?? whole;
    try {
      const { number, messages } = decodeFrame(bytes);
      expect(number).toBeGreaterThanOrEqual(0);
      for (const message of messages) expect(everyKind.map(({ kind }) => kind)).toContain(message.kind);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(framesEach / 4);
});
