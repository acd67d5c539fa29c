"use client";
import { useEffect, useEffectEvent, type RefObject } from "react";

const takesWords = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/**
 * The desk by keyboard: `/` goes to the search, `j` `k` and the arrows go through the stories, Enter opens one (they
 * are links). Nothing is taken away from a text box, a menu or a dialog.
 */
export function useDeskKeys(desk: RefObject<HTMLElement | null>, search: RefObject<HTMLInputElement | null>) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('[role="dialog"], [role="menu"]')) return;
    const fromSearch = event.target === search.current;
    if (takesWords(event.target) && !(fromSearch && event.key === "ArrowDown")) return;
    if (event.key === "/") {
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
      return;
    }
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const rows = [...(desk.current?.querySelectorAll<HTMLElement>("[data-desk-row]") ?? [])];
    const at = rows.findIndex((row) => row === document.activeElement);
    const isLetter = event.key.length === 1;
    // Arrows scroll the page as ever, unless one is among the stories already (or comes from the search).
    if (at < 0 && !isLetter && !fromSearch) return;
    const next = at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step));
    event.preventDefault();
    rows[next]?.focus();
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
