"use client";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import { Tooltip } from "./tooltip";
import { useHydrated } from "./use-hydrated";

type IconButtonProps = Omit<ComponentProps<"button">, "aria-label" | "children"> & {
  /** Its accessible name, and what the tooltip says. */
  readonly label: string;
  readonly icon: ReactNode;
  /** A key to show beside the name, for example `Ctrl B`. */
  readonly keys?: string;
  /** A toggle that is on. */
  readonly pressed?: boolean;
  readonly size?: "small" | "medium";
};

/** A button that is only a picture. The icon is decoration: the label names it. */
export function IconButton(given: IconButtonProps) {
  const { label, icon, keys, pressed, size = "medium", className, ...rest } = given;
  const hydrated = useHydrated();
  return (
    <Tooltip text={label} keys={keys}>
      <button
        type="button"
        {...rest}
        disabled={rest.disabled || !hydrated}
        aria-label={label}
        aria-pressed={pressed}
        className={classNames(
          "inline-flex shrink-0 items-center justify-center rounded-md text-ink-soft transition-colors",
          "hover:bg-hover hover:text-ink disabled:pointer-events-none",
          rest.disabled && "opacity-45",
          "aria-pressed:bg-accent-soft aria-pressed:text-accent-ink pointer-coarse:size-11",
          size === "small" ? "size-7" : "size-9",
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
