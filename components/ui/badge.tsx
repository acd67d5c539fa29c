import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** The colours that mean something. Colour never stands alone: a badge has words, and an icon where it helps. */
export type Tone = "good" | "teal" | "blue" | "amber" | "orange" | "red" | "violet" | "grey";

const tones: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  teal: "bg-teal-soft text-teal",
  blue: "bg-blue-soft text-blue",
  amber: "bg-amber-soft text-amber",
  orange: "bg-orange-soft text-orange",
  red: "bg-red-soft text-red",
  violet: "bg-violet-soft text-violet",
  grey: "bg-grey-soft text-grey",
};

type BadgeProps = {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
};

export function Badge({ tone = "grey", icon, className, children }: BadgeProps) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap",
        tones[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
