"use client";
import { Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps } from "react";
import { IconButton } from "./icon-button";
import { TextInput } from "./text-input";

/** A password that one may look at, so that it is typed once and not twice. */
export function PasswordInput(given: Omit<ComponentProps<"input">, "type">) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <TextInput
        {...given}
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className="pr-11"
      />
      <IconButton
        label={shown ? "Hide password" : "Show password"}
        size="small"
        className="absolute top-1 right-1 pointer-coarse:top-0 pointer-coarse:right-0"
        icon={shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
        onClick={() => setShown(!shown)}
      />
    </div>
  );
}
