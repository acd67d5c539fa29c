"use client";
import { useEffect, useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import { Avatars } from "../ui/avatar";
import { othersHere } from "./other-carets";

type People = ReturnType<typeof othersHere>;

type HereNowProps = {
  readonly awareness: Awareness;
  readonly person: { readonly id: string; readonly name: string };
  /** How many are drawn before the rest is a number. */
  readonly most: number;
};

/** Who has the story open: the reader first, then the others by name. */
export function HereNow({ awareness, person, most }: HereNowProps) {
  const [others, setOthers] = useState<People>([]);
  useEffect(() => {
    const look = () => {
      const now: People = othersHere(awareness).filter(({ id }) => id !== person.id);
      const same = (before: People) =>
        before.length === now.length && before.every((one, index) => one.id === now[index]?.id);
      setOthers((before) => (same(before) ? before : now));
    };
    look();
    awareness.on("change", look);
    return () => awareness.off("change", look);
  }, [awareness, person.id]);
  return (
    <section aria-label="Here now" className="flex items-center">
      <Avatars
        people={[person, ...others]}
        most={most}
        label="People in this story"
        namedOnPhone={person.id}
      />
    </section>
  );
}
