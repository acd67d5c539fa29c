/**
 * What the processes of one newsroom tell each other. Nothing here is durable and any of it may be lost: what is true
 * stands in the store, and who hears that something was missed looks there again.
 */
import type { Named } from "@/domain/stories/story";
import type { CrossingEvent } from "./bus";

/** An awareness state as the process that owns the connection stamped it; state null: gone. */
type StampedPresence = { readonly clientId: number; readonly clock: number; readonly state: unknown };

export type ExchangeMessage =
  /** Updates of a story's text were stored under these log numbers. */
  | {
      readonly kind: "stored";
      readonly storyId: string;
      readonly firstSeq: number;
      readonly logSeq: number;
      readonly update: Uint8Array;
    }
  /** Carets and selections of connections of the process that says it. */
  | { readonly kind: "presence"; readonly storyId: string; readonly entries: readonly StampedPresence[] }
  /** Asks the others for the presence that they have of this story. */
  | { readonly kind: "who-is-here"; readonly storyId: string }
  /** Everybody who has this story open through the process that says it. */
  | { readonly kind: "here"; readonly storyId: string; readonly people: readonly Named[] }
  /** The same for all its stories: those not named are open to nobody there. */
  | {
      readonly kind: "all-here";
      readonly stories: readonly { readonly storyId: string; readonly people: readonly Named[] }[];
    }
  /** Something happened that the other processes' pages and sockets are to follow. */
  | { readonly kind: "event"; readonly event: CrossingEvent; readonly isOfText?: boolean | undefined }
  /** [PE2] Somebody tries to sign in; or that try is over: tries are counted in every process. */
  | {
      readonly kind: "sign-in";
      readonly account: string;
      readonly client: string;
      readonly is: "begun" | "right" | "undone";
    }
  /** A process is new, or has missed something: asks the others for all that they have open. */
  | { readonly kind: "hello" }
  | { readonly kind: "alive" }
  | { readonly kind: "goodbye" };

type Off = () => void;

export type Exchange = {
  /** Another one at each start. */
  readonly processId: string;
  /** Tells the other processes; never throws, never waits. Lost while the exchange is not whole. */
  readonly tell: (message: ExchangeMessage) => void;
  /** What the others tell; never what this process told. */
  readonly hear: (listener: (message: ExchangeMessage, from: string) => void) => Off;
  /** Messages may have been missed: whatever lives on them looks at the store again. */
  readonly whenMissed: (listener: () => void) => Off;
  /** A process said goodbye, or was silent for so long that it is taken for dead: what it had open is forgotten. */
  readonly whenGone: (listener: (processId: string) => void) => Off;
  /** False while the others cannot be heard: then the store is looked at often. */
  readonly isWhole: () => boolean;
  /** Is this the newsroom's only process by its settings? */
  readonly isAlone: boolean;
  readonly close: () => Promise<void>;
};

/** For the only process of a newsroom: there is nobody to tell. */
export function openAlone(processId: string): Exchange {
  const nobody = () => () => undefined;
  return {
    processId,
    tell: () => undefined,
    hear: nobody,
    whenMissed: nobody,
    whenGone: nobody,
    isWhole: () => true,
    isAlone: true,
    close: () => Promise.resolve(),
  };
}
