"use client";
import { useEffect, useState } from "react";
import { readContent } from "@/domain/body/content";
import { contentHash } from "@/domain/body/content-hash";
import type { Dateline } from "@/domain/stories/story";
import type { StorySocket } from "./story-socket";
import { useSocketState } from "./use-story-socket";

const settleMs = 120;

/**
 * [WF3] The content hash of what stands on this screen, once it is saved: what a person approves is what they saw.
 * Undefined while anything waits to be saved or has just changed.
 */
export function useSeenHash(
  socket: StorySocket,
  beside: { readonly dateline: Dateline; readonly byline: readonly string[] },
): string | undefined {
  const isSaved = useSocketState(socket, ({ save, ready }) => ready && save.is === "saved");
  const [hash, setHash] = useState<string | undefined>(undefined);
  const besideKey = JSON.stringify([beside.dateline.place, beside.dateline.date, beside.byline]);
  useEffect(() => {
    if (!isSaved) return;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const [place, date, byline] = JSON.parse(besideKey) as [string, string, string[]]; // Made one line above.
    const read = () => {
      setHash(contentHash({ content: readContent(socket.doc), dateline: { place, date }, byline }));
    };
    const soon = () => {
      setHash(undefined);
      clearTimeout(waiting);
      waiting = setTimeout(read, settleMs);
    };
    waiting = setTimeout(read, settleMs);
    socket.doc.on("update", soon);
    return () => {
      clearTimeout(waiting);
      socket.doc.off("update", soon);
      setHash(undefined);
    };
  }, [socket, isSaved, besideKey]);
  return isSaved ? hash : undefined;
}
