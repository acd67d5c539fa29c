/**
 * What happened, told inside the process after it was stored: the live channel pushes it to open pages, and the
 * wiring in main.ts hands it up from one capability to another. A listener's failure is its own. What other processes
 * are to follow crosses to their buses (crossing.ts).
 */
import { z } from "zod";
import { LiveEvent } from "@/domain/stories/story";

/** Never told to a browser; the buses of the other processes tell it too. */
const InnerCrossingEvent = z.discriminatedUnion("type", [
  /** A person's sessions ended or they were deactivated: open sockets close with 4401. */
  z.object({
    type: z.literal("sessions-ended"),
    personId: z.string(),
    exceptSessionId: z.string().optional(),
  }),
  /** One session ended: its open sockets close with 4401. */
  z.object({ type: z.literal("session-ended"), sessionId: z.string() }),
  /** What a person or a story's people may do changed, without both what anybody may: open sockets ask their rights again. */
  z.object({
    type: z.literal("rights-changed"),
    personId: z.string().optional(),
    storyId: z.string().optional(),
  }),
]);

/** What crosses from one process to the others. */
export const CrossingEvent = z.discriminatedUnion("type", [LiveEvent, InnerCrossingEvent]);
export type CrossingEvent = z.infer<typeof CrossingEvent>;

/** Told inside the process only, never to a browser. */
export type InnerEvent =
  /** Updates of a story's text were committed by this process. */
  | { readonly type: "text-stored"; readonly storyId: string; readonly logSeq: number }
  | Readonly<z.infer<typeof InnerCrossingEvent>>;

export type NewsroomEvent = LiveEvent | InnerEvent;

/** How an event came to this bus. */
export type Told = {
  /** It happened in another process: it is not told on to the others again. */
  readonly isForeign: boolean;
  /** Only the story's text changed: nobody's rights did. */
  readonly isOfText: boolean;
};
type Listener = (event: NewsroomEvent, told: Told) => void;

export type Bus = {
  readonly emit: (event: NewsroomEvent, told?: Partial<Told>) => void;
  /** Returns what takes the listener off again. */
  readonly on: (listener: Listener) => () => void;
};

export function openBus(onListenerFailure: (error: unknown) => void): Bus {
  const listeners = new Set<Listener>();
  return {
    emit: (event, { isForeign = false, isOfText = false } = {}) => {
      for (const listener of listeners) {
        try {
          listener(event, { isForeign, isOfText });
        } catch (error) {
          onListenerFailure(error);
        }
      }
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
