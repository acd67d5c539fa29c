/** A claim's state as icon and word. */
import { Check, CircleDashed, CircleHelp, Flag, RotateCcw, Unlink, X } from "lucide-react";
import type { Claim } from "@/domain/claims/claim";
import { Badge, type Tone } from "../ui/badge";
import { lookOf, lookWord, type ClaimLook } from "./claim-look";

const icons: Readonly<Record<ClaimLook, typeof Check>> = {
  unchecked: CircleDashed,
  checked: Check,
  stale: RotateCcw,
  orphaned: Unlink,
  wrong: X,
  attention: CircleHelp,
  waived: Flag,
};

const tones: Readonly<Record<ClaimLook, Tone>> = {
  unchecked: "grey",
  checked: "good",
  stale: "orange",
  orphaned: "violet",
  wrong: "red",
  attention: "amber",
  waived: "blue",
};

export function ClaimStatus({
  claim,
}: {
  readonly claim: Pick<Claim, "freshness" | "progress" | "verdict">;
}) {
  const look = lookOf(claim);
  const Icon = icons[look];
  return (
    <Badge tone={tones[look]} icon={<Icon size={13} strokeWidth={2.4} aria-hidden />}>
      {lookWord(claim)}
    </Badge>
  );
}
