"use client";
import { useEffect, useState } from "react";
import { fields } from "@/domain/body/anchor-state";
import { readingMinutes, wordCount } from "@/domain/body/word-count";
import { textMapOf } from "./text-map";
import type { StoryText } from "./story-text";

const settleMs = 250;

/** Of all three fields, as the desk counts them. */
const wordsOf = ({ editors }: StoryText) =>
  fields.reduce((sum, field) => sum + wordCount(textMapOf(editors[field].state.doc).text), 0);

/** How long the story is, in words and in a reader's minutes. */
export function TextLength({ text }: { readonly text: StoryText }) {
  const [words, setWords] = useState(() => wordsOf(text));
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const count = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => setWords(wordsOf(text)), settleMs);
    };
    count();
    for (const field of fields) text.editors[field].on("update", count);
    return () => {
      clearTimeout(waiting);
      for (const field of fields) text.editors[field].off("update", count);
    };
  }, [text]);
  const minutes = readingMinutes(words);
  return (
    <p className="text-xs whitespace-nowrap text-ink-faint tabular-nums">
      {words.toLocaleString("en")} {words === 1 ? "word" : "words"}
      {minutes > 0 ? ` · ${String(minutes)} min read` : ""}
    </p>
  );
}
