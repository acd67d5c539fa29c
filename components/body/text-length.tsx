"use client";
import { useEffect, useState } from "react";
import { readingMinutes, wordCount } from "@/domain/body/word-count";
import { textMapOf } from "./text-map";
import type { StoryText } from "./story-text";

const settleMs = 250;

/** How long the story is, in words and in a reader's minutes. */
export function TextLength({ text }: { readonly text: StoryText }) {
  const { body } = text.editors;
  const [words, setWords] = useState(() => wordCount(textMapOf(body.state.doc).text));
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const count = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => setWords(wordCount(textMapOf(body.state.doc).text)), settleMs);
    };
    count();
    body.on("update", count);
    return () => {
      clearTimeout(waiting);
      body.off("update", count);
    };
  }, [body]);
  const minutes = readingMinutes(words);
  return (
    <p className="text-xs whitespace-nowrap text-ink-faint tabular-nums">
      {words.toLocaleString("en")} {words === 1 ? "word" : "words"}
      {minutes > 0 ? ` · ${String(minutes)} min read` : ""}
    </p>
  );
}
