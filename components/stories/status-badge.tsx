import { BadgeCheck, Ban, Globe, ListChecks, PencilLine, type LucideIcon } from "lucide-react";
import type { Status } from "@/domain/stories/story";
import { Badge, type Tone } from "../ui/badge";

/** What a status is called, its colour and its icon. */
export const statusLooks: Record<
  Status,
  { readonly label: string; readonly tone: Tone; readonly Icon: LucideIcon }
> = {
  draft: { label: "Draft", tone: "grey", Icon: PencilLine },
  checking: { label: "Checking", tone: "amber", Icon: ListChecks },
  approved: { label: "Approved", tone: "good", Icon: BadgeCheck },
  published: { label: "Published", tone: "blue", Icon: Globe },
  spiked: { label: "Spiked", tone: "grey", Icon: Ban },
};

export function StatusBadge({ status }: { readonly status: Status }) {
  const { label, tone, Icon } = statusLooks[status];
  return (
    <Badge tone={tone} icon={<Icon size={12} aria-hidden className="max-[22rem]:hidden" />}>
      {label}
    </Badge>
  );
}
