"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

type SheetProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** From the bottom (a phone) or from the right (a panel beside the text). */
  readonly from?: "bottom" | "right";
  readonly children: ReactNode;
};

/** A panel that slides over the page's edge and leaves the rest in view. */
export function Sheet({ open, onOpenChange, title, from = "bottom", children }: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className={classNames(
            "fixed z-40 flex flex-col bg-raised shadow-float",
            from === "bottom"
              ? "inset-x-0 bottom-0 max-h-[85dvh] animate-sheet rounded-t-xl pb-[env(safe-area-inset-bottom)]"
              : "inset-y-0 right-0 w-full max-w-lg animate-drawer",
          )}
        >
          <div className="flex items-center justify-between gap-4 border-b px-5 py-3">
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            <Radix.Close
              aria-label="Close"
              className="-mr-2 inline-flex size-9 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:size-11"
            >
              <X size={18} aria-hidden />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
