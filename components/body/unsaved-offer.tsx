"use client";
import { Copy, TriangleAlert } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "../ui/button";
import { offerFor } from "./halt-sentence";
import type { StorySocket } from "./story-socket";
import { wordsToCopy, type UnsavedBlock } from "./unsaved-words";
import { useSocketState } from "./use-story-socket";

type UnsavedOfferProps = {
  readonly socket: StorySocket;
  /** Gives up what is unsaved and opens the text anew. */
  readonly startAfresh: () => void;
  /** Asks who may do what, and which store this is, again. */
  readonly onHalt: () => void;
};

/** Whoever writes far down in the text sees it too. */
function showIt(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: "nearest" });
}

/**
 * [BO4][BO11] The text can no longer be kept in step: says why and offers what only this device has. With nothing to
 * offer it goes on by itself.
 */
export function UnsavedOffer({ socket, startAfresh, onHalt }: UnsavedOfferProps) {
  const halted = useSocketState(socket, (state) => state.halted);
  const denied = useSocketState(socket, (state) => state.denied);
  const hasUnsaved = useSocketState(socket, (state) => state.unsaved > 0);
  const why = halted?.why ?? (denied && hasUnsaved ? "denied" : null);
  const tellHalt = useEffectEvent(onHalt);
  const goOn = useEffectEvent(startAfresh);
  const offer = why === null ? null : offerFor(why);
  const goesOnAlone = offer !== null && offer.mayGoOn && !hasUnsaved;
  useEffect(() => {
    if (why === null) return;
    tellHalt();
    if (!goesOnAlone) return;
    // A moment, so that a server that says no again and again is not asked again and again.
    const waiting = setTimeout(() => goOn(), 1000);
    return () => clearTimeout(waiting);
  }, [why, goesOnAlone]);
  if (why === null || offer === null || goesOnAlone) return null;
  return (
    <section
      ref={showIt}
      role="alert"
      aria-label={offer.title}
      className="mb-6 scroll-mt-32 rounded-lg border border-amber/40 bg-amber-soft p-4 text-sm text-ink"
    >
      <h2 className="flex items-center gap-2 font-semibold text-amber">
        <TriangleAlert size={16} aria-hidden />
        {offer.title}
      </h2>
      <p className="mt-1 text-ink-soft">
        {offer.sentence}
        {halted?.reason && why === "refused" ? ` (${halted.reason})` : null}
      </p>
      {hasUnsaved ? <UnsavedBlocks socket={socket} /> : null}
      <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
        {why === "session-over" ? (
          <>
            <Button
              look="primary"
              size="small"
              onClick={() => window.open("/sign-in?next=%2F", "_blank", "noopener")}
            >
              Sign in in another tab
            </Button>
            <Button size="small" onClick={socket.reconnect}>
              Connect again
            </Button>
          </>
        ) : null}
        {why === "not-visible" && !hasUnsaved ? (
          <Button size="small" onClick={() => window.location.reload()}>
            Look again
          </Button>
        ) : null}
        {offer.maySend && hasUnsaved ? (
          <Button look="primary" size="small" onClick={socket.sendAnyway}>
            Send my changes
          </Button>
        ) : null}
        {hasUnsaved && offer.mayGoOn ? (
          <Button size="small" onClick={startAfresh}>
            Go on without them
          </Button>
        ) : null}
      </div>
    </section>
  );
}

function UnsavedBlocks({ socket }: { readonly socket: StorySocket }) {
  const [blocks] = useState<readonly UnsavedBlock[]>(() => socket.unsavedWords());
  if (blocks.length === 0) {
    return (
      <p className="mt-2 text-ink-soft">
        Only deletions and formatting are unsaved: there is nothing to copy.
      </p>
    );
  }
  const copy = () => {
    navigator.clipboard.writeText(wordsToCopy(blocks)).then(
      () => toast("Copied"),
      () => toast("The browser did not let the words be copied: select them and copy by hand."),
    );
  };
  return (
    <div className="mt-3">
      <ul aria-label="Unsaved words" className="flex max-h-48 flex-col gap-2 overflow-y-auto">
        {blocks.map(({ text, added }, index) => (
          // The list never changes order: it is read once.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="border-l-2 border-amber pl-3 font-serif whitespace-pre-wrap">
            {marked(text, added)}
          </li>
        ))}
      </ul>
      <Button size="small" className="mt-3" icon={<Copy size={14} aria-hidden />} onClick={copy}>
        Copy the words
      </Button>
    </div>
  );
}

/** The block with the runs that are new in it marked, in their order. */
function marked(text: string, added: readonly string[]) {
  const pieces: React.ReactNode[] = [];
  let rest = 0;
  for (const run of added) {
    const at = text.indexOf(run, rest);
    if (at === -1) continue;
    pieces.push(
      text.slice(rest, at),
      <mark key={at} className="bg-amber/20 text-ink">
        {run}
      </mark>,
    );
    rest = at + run.length;
  }
  return [...pieces, text.slice(rest)];
}
