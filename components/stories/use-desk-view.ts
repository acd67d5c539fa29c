"use client";
import { useSyncExternalStore } from "react";
import type { DeskView } from "./desk-bar";

const key = "linecheck.desk-view";
const listeners = new Set<() => void>();
const wide = () => window.matchMedia("(min-width: 48rem)");

function listen(listener: () => void): () => void {
  listeners.add(listener);
  const query = wide();
  query.addEventListener("change", listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    query.removeEventListener("change", listener);
    window.removeEventListener("storage", listener);
  };
}

/** A list on a phone whatever was chosen: five columns have no room there. */
function chosenView(): DeskView {
  if (!wide().matches) return "list";
  return localStorage.getItem(key) === "columns" ? "columns" : "list";
}

/** How this person last looked at the desk, on this device. */
export function useDeskView(): readonly [DeskView, (view: DeskView) => void] {
  const view = useSyncExternalStore(listen, chosenView, () => "list" as const);
  const choose = (next: DeskView) => {
    localStorage.setItem(key, next);
    for (const each of listeners) each();
  };
  return [view, choose];
}
