"use client";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import { Spinner } from "./spinner";
import { useHydrated } from "./use-hydrated";

type ButtonProps = ComponentProps<"button"> & {
  /** `primary`: the one thing to do here; `danger` takes something away. */
  readonly look?: "primary" | "secondary" | "quiet" | "danger";
  readonly size?: "small" | "medium";
  readonly icon?: ReactNode;
  /** At work: shows it and takes no second click, but keeps the focus. */
  readonly busy?: boolean;
};

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover shadow-raised",
  secondary: "bg-raised text-ink border border-line-strong/60 hover:bg-hover shadow-raised",
  quiet: "text-ink-soft hover:bg-hover hover:text-ink",
  danger: "bg-red text-on-red hover:opacity-90 shadow-raised",
};
const sizes = {
  small: "h-8 gap-1.5 rounded-md px-2.5 text-sm pointer-coarse:h-11 pointer-coarse:px-3.5",
  medium: "h-9 gap-2 rounded-md px-3.5 text-sm pointer-coarse:h-11 pointer-coarse:px-4",
};

export function Button(given: ButtonProps) {
  const { look = "secondary", size = "medium", icon, busy = false, children, className, ...rest } = given;
  const hydrated = useHydrated();
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || !hydrated}
      aria-disabled={busy || rest["aria-disabled"] || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
      className={classNames(
        "inline-flex shrink-0 items-center justify-center font-medium whitespace-nowrap transition-colors select-none",
        "disabled:pointer-events-none aria-disabled:opacity-60",
        rest.disabled && "opacity-50",
        looks[look],
        sizes[size],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
