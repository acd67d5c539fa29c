import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

type DisclosureProps = {
  readonly title: string;
  readonly onToggle?: (open: boolean) => void;
  readonly children: ReactNode;
};

/** More of something, behind its title; the browser's own. */
export function Disclosure({ title, onToggle, children }: DisclosureProps) {
  return (
    <details className="group" onToggle={(event) => onToggle?.(event.currentTarget.open)}>
      <summary className="flex list-none items-center gap-1 rounded-sm text-xs font-semibold text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden pointer-coarse:py-2">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="pt-2 pl-4">{children}</div>
    </details>
  );
}
