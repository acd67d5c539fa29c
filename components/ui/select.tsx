"use client";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { controlLook } from "./control-look";

type SelectProps = Omit<ComponentProps<"select">, "children"> & {
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/** The system's own list of choices: the one that works with every keyboard, reader and phone. */
export function Select({ options, className, ...rest }: SelectProps) {
  return (
    <div className={classNames("relative", className)}>
      <select {...rest} className={classNames(controlLook, "h-9 appearance-none pr-9 pointer-coarse:h-11")}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={16}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-ink-faint"
      />
    </div>
  );
}
