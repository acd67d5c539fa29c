/**
 * What happened, told inside the process after it was stored: the live channel pushes it to open pages, and the
 * wiring in main.ts hands it up from one capability to another. A listener's failure is its own.
 */
import type { LiveEvent } from "@/domain/stories/story";

/** Told inside the process only, never to a browser. */
export type InnerEvent =
  /** Updates of a story's text were committed. */
  | { readonly type: "text-stored"; readonly storyId: string; readonly logSeq: number }
  /** A person's sessions ended or they were deactivated: open sockets close with 4401. */
  | {
      readonly type: "sessions-ended";
      readonly personId: string;
      readonly exceptSessionId?: string | undefined;
    }
  /** One session ended: its open sockets close with 4401. */
  | { readonly type: "session-ended"; readonly sessionId: string }
  /** What a person or a story's people may do changed: open sockets ask their rights again. */
  | {
      readonly type: "rights-changed";
      readonly personId?: string | undefined;
      readonly storyId?: string | undefined;
    };

export type NewsroomEvent = LiveEvent | InnerEvent;
type Listener = (event: NewsroomEvent) => void;

export type Bus = {
  readonly emit: (event: NewsroomEvent) => void;
  /** Returns what takes the listener off again. */
  readonly on: (listener: Listener) => () => void;
};

export function openBus(onListenerFailure: (error: unknown) => void): Bus {
  const listeners = new Set<Listener>();
  return {
    emit: (event) => {
      for (const listener of listeners) {
        try {
          listener(event);
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
