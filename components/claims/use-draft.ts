"use client";
import { useState } from "react";

const kept = new Map<string, string>();

/**
 * What is half written on a claim, as `useState`. It outlives the card, which closes at a click into the text; the tab
 * forgets it with its next page.
 */
export function useDraft(claimId: string, what: string): readonly [string, (words: string) => void] {
  const key = `${claimId} ${what}`;
  const [words, setWords] = useState(() => kept.get(key) ?? "");
  const write = (now: string) => {
    if (now === "") kept.delete(key);
    else kept.set(key, now);
    setWords(now);
  };
  return [words, write];
}
