"use client";
import { useSyncExternalStore } from "react";

const tickMs = 15_000;
const listeners = new Set<() => void>();
let now = Date.now();
let ticking: ReturnType<typeof setInterval> | null = null;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !ticking) return;
    clearInterval(ticking);
    ticking = null;
  };
}

/** The time in milliseconds, one clock for all; null while the server renders, which is nowhere in time. */
export function useNow(): number | null {
  return useSyncExternalStore(
    listen,
    () => now,
    () => null,
  );
}
