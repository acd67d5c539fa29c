"use client";
/** The work on a story's claims: which are shown, which one is looked at, what is being marked. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { toast } from "sonner";
import { asksReason, type StoryFacts } from "@/domain/people/rights";
import type { Claim } from "@/domain/claims/claim";
import type { Colleague, Person } from "@/domain/people/person";
import type { StoryText } from "../body/story-text";
import { claimsShown, inTextOrder, neighbourOf, type ClaimFilter } from "./claim-order";
import type { WordsSelected } from "./mark-claim";
import { useClaimActs, useClaims } from "./use-claims";
import { useHighlights } from "./use-highlights";

export function useClaimsDesk(given: {
  readonly storyId: string;
  readonly person: Person;
  readonly facts: StoryFacts;
  readonly colleagues: readonly Colleague[];
  readonly initial: readonly Claim[];
  readonly text: StoryText | null;
}) {
  const { storyId, person, facts, colleagues, initial, text } = given;
  const { data } = useClaims(storyId, initial);
  const claims = useMemo(
    () => inTextOrder(data ?? [], ({ anchor }) => text?.rangeOf(anchor) ?? null),
    [data, text],
  );
  const acts = useClaimActs(storyId);
  const [filter, setFilter] = useState<ClaimFilter>("all");
  const [activeId, setActiveId] = useState<string | null>(null);
  /** Whose card is to take the keyboard once it is drawn. */
  const [goingTo, setGoingTo] = useState<{ readonly claimId: string } | null>(null);
  const [marking, setMarking] = useState<WordsSelected | null>(null);
  const [finding, setFinding] = useState<{ readonly claim: Claim; readonly words: WordsSelected } | null>(
    null,
  );
  const shown = useMemo(() => claimsShown(claims, filter, person.id), [claims, filter, person.id]);
  useHighlights(text, claims, activeId);

  const wordsOf = useCallback(
    (claim: Claim, focus: boolean) => {
      const range = text?.rangeOf(claim.anchor);
      if (text && range) text.showWords(range, { focus });
    },
    [text],
  );

  /** Opens the claim's card and brings its words into view; `toCard` moves the keyboard to the card. */
  const open = useCallback(
    (claimId: string, { toCard = false }: { readonly toCard?: boolean } = {}) => {
      // One marked a moment ago may not be listed yet: its card opens when it is.
      const claim = claims.find((one) => one.id === claimId);
      if (claim && claimsShown([claim], filter, person.id).length === 0) setFilter("all");
      setActiveId(claimId);
      if (claim) wordsOf(claim, false);
      if (toCard) setGoingTo({ claimId });
    },
    [claims, filter, person.id, wordsOf],
  );

  useEffect(() => {
    const card = goingTo && document.getElementById(`claim-${goingTo.claimId}`);
    if (!card) return;
    // A dialog that closes gives the keyboard back to the text first.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        card.focus();
        setGoingTo(null);
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [goingTo, claims]);

  const step = useCallback(
    (by: 1 | -1) => {
      const next = neighbourOf(shown, activeId, by);
      if (next) open(next.id, { toCard: true });
    },
    [shown, activeId, open],
  );

  const leave = useCallback(() => {
    const claim = claims.find((one) => one.id === activeId);
    setActiveId(null);
    if (claim) wordsOf(claim, true);
  }, [claims, activeId, wordsOf]);

  /**
   * The caret reached words of these claims: the narrowest one's card opens; outside all, none is open, but for one
   * whose words are gone: new ones are being selected for it.
   */
  const reach = useCallback(
    (claimIds: readonly string[]) => {
      const isGone = (id: string | null) =>
        claims.find((claim) => claim.id === id)?.freshness.state === "orphaned";
      setActiveId((before) => {
        if (before && claimIds.includes(before)) return before;
        return claimIds[0] ?? (isGone(before) ? before : null);
      });
    },
    [claims],
  );

  const startMarking = useCallback(() => {
    const words = selectedWords(text);
    if (words) setMarking(words);
    else toast("Select the words of the claim first.");
  }, [text]);

  const findInText = (claim: Claim) => {
    const words = selectedWords(text);
    if (!words) {
      toast("Select the words in the text where this claim stands now, then choose Find in text again.");
      return;
    }
    setFinding({ claim, words });
  };

  return {
    claims,
    shown,
    acts,
    person,
    facts,
    colleagues,
    text,
    filter,
    setFilter,
    activeId,
    open,
    close: () => setActiveId(null),
    leave,
    step,
    reach,
    marking,
    startMarking,
    stopMarking: () => setMarking(null),
    finding,
    findInText,
    stopFinding: () => setFinding(null),
    asksReason: asksReason(person),
  };
}

export type ClaimsDesk = ReturnType<typeof useClaimsDesk>;

function selectedWords(text: StoryText | null): WordsSelected | null {
  const words = text?.selectedWords();
  if (!words) return null;
  const { field, quote, prefix, suffix, relStart, relEnd } = words;
  return { field, quote, prefix, suffix, ...(relStart && relEnd ? { relStart, relEnd } : {}) };
}
