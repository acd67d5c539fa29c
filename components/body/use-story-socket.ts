"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { schemaVersion } from "@/domain/body/schema";
import { openStorySocket, type SocketState, type StorySocket } from "./story-socket";

/**
 * Texts that were left with work the server does not hold yet: they go on trying to bring it there, warn before the
 * tab closes, and are taken up again when their story is opened.
 */
const leftBehind = new Map<string, StorySocket>();

function takeUp(key: string, storyId: string, epoch: string): StorySocket {
  const waiting = leftBehind.get(key);
  if (!waiting) return open(storyId, epoch);
  leftBehind.delete(key);
  waiting.awareness.setLocalState({});
  return waiting;
}

function open(storyId: string, epoch: string): StorySocket {
  const { protocol, host } = window.location;
  const origin = `${protocol === "https:" ? "wss" : "ws"}://${host}`;
  return openStorySocket({ origin, storyId, schemaVersion, epoch });
}

function leave(key: string, socket: StorySocket): void {
  const isDone = () => socket.state().unsaved === 0;
  if (isDone()) return socket.close();
  socket.awareness.setLocalState(null);
  leftBehind.set(key, socket);
  const stop = socket.subscribe(() => {
    if (leftBehind.get(key) !== socket) return stop();
    if (!isDone()) return;
    leftBehind.delete(key);
    socket.close();
  });
}

/** One story's text, open while the component is on screen. `startAfresh` gives up what is unsaved. */
export function useStorySocket(given: {
  readonly storyId: string;
  readonly personId: string;
  readonly epoch: string;
}): { readonly socket: StorySocket | null; readonly startAfresh: () => void } {
  const { storyId, personId, epoch } = given;
  const key = `${personId} ${storyId}`;
  const current = useRef<StorySocket | null>(null);
  const [socket, setSocket] = useState<StorySocket | null>(null);
  useEffect(() => {
    current.current = takeUp(key, storyId, epoch);
    // A socket is a thing outside React, made only in the browser and ended with the effect.
    // oxlint-disable-next-line react/set-state-in-effect
    setSocket(current.current);
    return () => {
      if (current.current) leave(key, current.current);
      current.current = null;
      setSocket(null);
    };
  }, [key, storyId, epoch]);
  const startAfresh = () => {
    current.current?.close();
    current.current = open(storyId, epoch);
    setSocket(current.current);
  };
  return { socket, startAfresh };
}

/** One thing about the socket; renders only when it changes, so ask for words, numbers or kept objects. */
export function useSocketState<Told>(socket: StorySocket, tell: (state: SocketState) => Told): Told {
  const read = () => tell(socket.state());
  return useSyncExternalStore(socket.subscribe, read, read);
}
