/** What the acts of a round work on. */
import type { Parts } from "./test-parts";
import type { Member } from "./test-people";
import type { Peer, Story } from "./test-peer";

export type World = {
  readonly parts: Parts;
  readonly admin: Member;
  readonly member: (key: string) => Member;
  readonly stories: readonly Story[];
  readonly peers: readonly Peer[];
  readonly fault: (sentence: string) => void;
  /** For the report: what came of an act. */
  readonly note: (sentence: string) => void;
  /** Something was taken away or held up, and its consequences last until about then. */
  readonly disturb: (untilMs: number) => void;
  /** Was nothing disturbed since this time? */
  readonly calmSince: (ms: number) => boolean;
  readonly barred: BarredTime[];
};

/** A person certainly might not write in these stories (all, when undefined) from the one time to the other. */
export type BarredTime = {
  readonly member: Member;
  readonly storyId: string | undefined;
  readonly fromMs: number;
  toMs: number;
};
