"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { Field } from "./field";
import { TextInput } from "./text-input";

/** Words to be taken along: shown whole, copied by one press. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  const [said, setSaid] = useState<"" | "Copied" | "Select it and copy it by hand">("");
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setSaid("Copied"),
      // No permission, or not a secure page: the words are selected on focus anyway.
      () => setSaid("Select it and copy it by hand"),
    );
  };
  return (
    <div>
      <div className="flex items-end gap-2">
        <Field label={label} className="min-w-0 flex-1">
          {(ties) => (
            <TextInput {...ties} readOnly value={value} onFocus={(event) => event.target.select()} />
          )}
        </Field>
        <Button
          icon={said === "Copied" ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          onClick={copy}
        >
          Copy
        </Button>
      </div>
      <output className="mt-1.5 block min-h-4 text-xs text-ink-soft">{said}</output>
    </div>
  );
}
