"use client";
import { Cloud, CloudAlert, CloudCheck, CloudOff, type LucideIcon } from "lucide-react";
import { classNames } from "../ui/class-names";
import { saveWords, type SaveState } from "./save-state";
import type { StorySocket } from "./story-socket";
import { useSocketState } from "./use-story-socket";

const looks: Readonly<Record<SaveState["is"], { readonly Icon: LucideIcon; readonly colour: string }>> = {
  saved: { Icon: CloudCheck, colour: "text-ink-faint" },
  saving: { Icon: Cloud, colour: "text-ink-faint" },
  offline: { Icon: CloudOff, colour: "text-amber" },
  "not-taken": { Icon: CloudAlert, colour: "text-red" },
};

/** [BO2] Where the work is: in the store, on its way, or on this device alone. */
export function SaveStateBadge({ socket }: { readonly socket: StorySocket }) {
  const words = useSocketState(socket, ({ save }) => saveWords(save));
  const is = useSocketState(socket, ({ save }) => save.is);
  const { Icon, colour } = looks[is];
  return (
    <output
      aria-label="Save state"
      // Each keystroke goes from Saving to Saved: only trouble is read out.
      aria-live={is === "offline" || is === "not-taken" ? "polite" : "off"}
      className={classNames(
        "inline-flex min-w-0 items-center gap-1.5 text-xs leading-4 font-medium max-sm:text-[0.6875rem] max-sm:leading-3.5 sm:min-w-18",
        colour,
      )}
    >
      <Icon size={15} aria-hidden className="shrink-0" />
      {words}
    </output>
  );
}
