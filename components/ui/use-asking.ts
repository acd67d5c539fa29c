"use client";
import { useRef, useState } from "react";

/** Runs one act at a time and says whether one is running. A second call meanwhile does nothing. */
export function useAsking(): { readonly busy: boolean; readonly ask: (act: () => Promise<void>) => void } {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const ask = (act: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    void act().finally(() => {
      running.current = false;
      setBusy(false);
    });
  };
  return { busy, ask };
}
