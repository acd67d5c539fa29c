"use client";
import { useCallback, useLayoutEffect, useRef } from "react";

/** The same function at every drawing, which does what the latest one given does: for props of what is drawn rarely. */
export function useLatest<Given extends readonly unknown[]>(
  act: (...given: Given) => void,
): (...given: Given) => void {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  }, [act]);
  return useCallback((...given: Given) => latest.current(...given), []);
}
