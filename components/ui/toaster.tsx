"use client";
import { Toaster as Sonner } from "sonner";

/** Where short messages appear. Sonner's own colours fail contrast, so ours stand in their place. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-center"
      gap={8}
      toastOptions={{
        unstyled: true,
        duration: 5000,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-lg bg-ink px-4 py-3 text-sm text-page shadow-float font-sans sm:w-96",
          title: "font-medium",
          description: "opacity-85",
          actionButton:
            "ml-auto shrink-0 rounded-md bg-page px-2.5 py-1 text-sm font-medium text-ink pointer-coarse:py-2.5",
          closeButton: "text-page",
          icon: "shrink-0",
        },
      }}
    />
  );
}
