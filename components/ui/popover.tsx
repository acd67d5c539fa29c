"use client";
import { X } from "lucide-react";
import { Popover as Radix } from "radix-ui";
import { useId, useRef, type ReactNode } from "react";

type Measurable = { readonly getBoundingClientRect: () => DOMRect };

type PopoverProps = {
  readonly title: string;
  /** What it points at, measured anew whenever the page moves. */
  readonly at: Measurable;
  readonly onClose: () => void;
  /** Where the keyboard goes once it is closed. */
  readonly onLeft: () => void;
  readonly children: ReactNode;
};

/** An answer beside what was asked about: it takes the keyboard; Escape or a click elsewhere closes it. */
export function Popover({ title, at, onClose, onLeft, children }: PopoverProps) {
  const titleId = useId();
  const anchor = useRef(at);
  return (
    <Radix.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Radix.Anchor virtualRef={anchor} />
      <Radix.Portal>
        <Radix.Content
          aria-labelledby={titleId}
          side="bottom"
          align="start"
          sideOffset={8}
          collisionPadding={{ top: 60, right: 8, bottom: 8, left: 8 }}
          onOpenAutoFocus={(event) => {
            // What it says is read first; the way out comes after it.
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onLeft();
          }}
          className="z-30 max-h-[min(24rem,var(--radix-popover-content-available-height))] w-80 max-w-[calc(100vw-1rem)] animate-rise overflow-y-auto rounded-xl border bg-raised p-4 shadow-float outline-none"
        >
          <h2 id={titleId} className="pr-8 text-sm font-semibold">
            {title}
          </h2>
          <Radix.Close
            aria-label="Close"
            className="absolute top-3 right-3 inline-flex size-7 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:top-1 pointer-coarse:right-1 pointer-coarse:size-11"
          >
            <X size={16} aria-hidden />
          </Radix.Close>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
