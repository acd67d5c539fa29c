"use client";
/** The cards beside their words. They move by `transform`, outside React: typing renders nothing here. */
import type { Transaction } from "@tiptap/pm/state";
import type { ReactNode } from "react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { fields } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import type { StoryText } from "../body/story-text";
import { placeCards } from "./card-layout";
import { highlightedRanges, type HighlightRange, isHighlightChange } from "./claim-highlights";

const gap = 8;
/** With more cards than this only those near what is on screen are made. */
const mostWithoutWindow = 120;
const windowMargin = 900;
const settleMs = 120;

type MarginProps = {
  readonly claims: readonly Claim[];
  readonly activeId: string | null;
  readonly text: StoryText;
  readonly children: (claim: Claim) => ReactNode;
};

export function ClaimsMargin({ claims, activeId, text, children }: MarginProps) {
  const column = useRef<HTMLDivElement>(null);
  const cards = useRef(new Map<string, HTMLElement>());
  const windowed = claims.length > mostWithoutWindow;
  const [near, setNear] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(
    () => (windowed ? claims.filter((claim) => claim.id === activeId || near.has(claim.id)) : claims),
    [claims, windowed, near, activeId],
  );

  const layOut = useCallback(() => {
    const top = column.current?.getBoundingClientRect().top;
    if (top === undefined) return;
    const shift = text.column.getBoundingClientRect().top - top;
    const isShown = new Set(shown.map(({ id }) => id));
    const screen = windowed
      ? { from: -top - windowMargin, to: -top + window.innerHeight + windowMargin }
      : null;
    const wanted = topsOf(text, shift, isShown, screen);
    if (screen) {
      const visible = new Set(
        [...wanted].filter(([, at]) => at >= screen.from && at <= screen.to).map(([id]) => id),
      );
      setNear((before) => (sameIds(before, visible) ? before : visible));
    }
    const toPlace = shown.flatMap(({ id }) => {
      const card = cards.current.get(id);
      return card ? [{ id, wantedTop: wanted.get(id) ?? 0, height: card.offsetHeight }] : [];
    });
    let bottom = 0;
    for (const [id, at] of placeCards(toPlace, { gap, activeId: activeId ?? undefined })) {
      const card = cards.current.get(id);
      if (!card) continue;
      card.style.transform = `translateY(${String(Math.round(at))}px)`;
      // The first place is taken at once; only later moves are seen.
      card.style.transition = card.style.visibility === "visible" ? "" : "none";
      card.style.visibility = "visible";
      bottom = Math.max(bottom, at + card.offsetHeight);
    }
    if (column.current) column.current.style.minHeight = `${String(Math.ceil(bottom))}px`;
  }, [text, shown, windowed, activeId]);

  useLayoutEffect(layOut, [layOut]);

  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(layOut);
    };
    const whenSettled = () => {
      clearTimeout(timer);
      timer = setTimeout(soon, windowed ? settleMs : 0);
    };
    const sizes = new ResizeObserver(soon);
    for (const card of cards.current.values()) sizes.observe(card);
    const stopListening = text.onLayout(whenSettled);
    const whenUnderlined = ({ transaction }: { transaction: Transaction }) => {
      if (isHighlightChange(transaction)) soon();
    };
    for (const field of fields) text.editors[field].on("transaction", whenUnderlined);
    if (windowed) window.addEventListener("scroll", soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      sizes.disconnect();
      stopListening();
      for (const field of fields) text.editors[field].off("transaction", whenUnderlined);
      window.removeEventListener("scroll", soon);
    };
  }, [layOut, text, windowed]);

  return (
    <div ref={column} className="relative">
      {shown.map((claim) => (
        <div
          key={claim.id}
          ref={(element) => {
            if (element) cards.current.set(claim.id, element);
            else cards.current.delete(claim.id);
          }}
          className="invisible absolute inset-x-0 top-0 transition-transform duration-150 motion-reduce:transition-none"
        >
          {children(claim)}
        </div>
      ))}
    </div>
  );
}

type Screen = { readonly from: number; readonly to: number };

/**
 * Where claims' words are, in pixels below the column's top; those that no editor shows are left out. With `screen`, only
 * those of `shown` and those between its ends: measuring every one costs the more, the more there are.
 */
function topsOf(
  text: StoryText,
  shift: number,
  shown: ReadonlySet<string>,
  screen: Screen | null,
): ReadonlyMap<string, number> {
  const tops = new Map<string, number>();
  for (const field of fields) {
    const ranges = highlightedRanges(text.editors[field].state);
    const topOf = ({ from }: { readonly from: number }) => text.topOf({ field, from });
    // Words further on in the text are never higher on the screen.
    const isBelow = (top: number) => (range: HighlightRange) => (topOf(range) ?? 0) + shift > top;
    const first = screen ? firstWhere(ranges, isBelow(screen.from - 1)) : 0;
    const end = screen ? firstWhere(ranges, isBelow(screen.to)) : ranges.length;
    ranges.forEach((range, index) => {
      const { claimId } = range;
      if ((index < first || index >= end) && !shown.has(claimId)) return;
      const top = tops.has(claimId) ? null : topOf(range);
      if (top !== null) tops.set(claimId, top + shift);
    });
  }
  return tops;
}

/** The index of the first item for which this holds, when it holds for all after it too. */
function firstWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && !holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sameIds(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
