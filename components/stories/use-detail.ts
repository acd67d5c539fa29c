"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { StoryChange } from "@/domain/stories/story";
import { askServer } from "../ui/ask-server";

export type DetailState = "unchanged" | "saving" | "saved" | "refused";

export type Detail = {
  /** What stands in the control. */
  readonly words: string;
  readonly state: DetailState;
  /** Why it was not saved. */
  readonly refusal: string | undefined;
  readonly type: (words: string) => void;
  /** For leaving the field: sends what was typed there, if anything was. */
  readonly leave: () => void;
  /** For a choice that is made at once. */
  readonly choose: (words: string) => void;
  /** Escape: back to what is stored. */
  readonly forget: () => void;
};

type DetailGiven = {
  readonly storyId: string;
  /** The value as the server last told it, as the control shows it. */
  readonly stored: string;
  /** What to send for these words; a sentence when they cannot be meant. */
  readonly changeOf: (words: string) => StoryChange | { readonly wrong: string };
};

/** One after the other, in the order in which the fields were left: two halves of a dateline must not cross. */
let lastTurn: Promise<unknown> = Promise.resolve();
function askInTurn(question: Parameters<typeof askServer>[0]): ReturnType<typeof askServer> {
  const answer = lastTurn.then(() => askServer(question));
  lastTurn = answer.catch(() => null);
  return answer;
}

/**
 * One detail beside the text: follows the server until somebody types here, is sent when they leave the field, and
 * keeps their words when it is refused.
 */
export function useDetail({ storyId, stored, changeOf }: DetailGiven): Detail {
  const queries = useQueryClient();
  const [own, setOwn] = useState<string | null>(null);
  const [state, setState] = useState<DetailState>("unchanged");
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const lastSent = useRef(0);

  const refuse = (sentence: string) => {
    setState("refused");
    setRefusal(sentence);
  };

  async function save(words: string): Promise<void> {
    if (words === stored) {
      setOwn(null);
      setRefusal(undefined);
      setState((before) => (before === "saved" ? before : "unchanged"));
      return;
    }
    const change = changeOf(words);
    if ("wrong" in change) return refuse(change.wrong);
    lastSent.current += 1;
    const sent = lastSent.current;
    setState("saving");
    setRefusal(undefined);
    const answer = await askInTurn({ method: "PATCH", path: `/api/stories/${storyId}`, body: change });
    if (sent !== lastSent.current) return;
    if ("problem" in answer) return refuse(answer.problem.title);
    await queries.invalidateQueries({ queryKey: ["story", storyId] });
    void queries.invalidateQueries({ queryKey: ["stories"] });
    setState("saved");
    // What was typed meanwhile stays.
    setOwn((now) => (now === words ? null : now));
  }

  return {
    words: own ?? stored,
    state,
    refusal,
    type: (words: string) => {
      setOwn(words);
      setState("unchanged");
    },
    leave: () => {
      if (own !== null) void save(own);
    },
    choose: (words: string) => {
      setOwn(words);
      void save(words);
    },
    forget: () => {
      setOwn(null);
      setRefusal(undefined);
      setState("unchanged");
    },
  };
}
