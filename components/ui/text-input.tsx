"use client";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { controlLook } from "./control-look";

export function TextInput({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={classNames(controlLook, "h-9 pointer-coarse:h-11", className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={3}
      {...rest}
      className={classNames(controlLook, "field-sizing-content min-h-18 resize-y py-2 leading-6", className)}
    />
  );
}
