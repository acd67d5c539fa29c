"use client";
import { Field } from "./field";
import { TextArea } from "./text-input";

type ReasonFieldProps = {
  readonly value: string;
  readonly onChange: (reason: string) => void;
  readonly hint?: string;
  readonly autoFocus?: boolean;
};

/** Why an act is done, where the rules ask for it: it is signed with the name. */
export function ReasonField({ value, onChange, hint, autoFocus = false }: ReasonFieldProps) {
  return (
    <Field label="Reason" hint={hint}>
      {(ties) => (
        <TextArea
          {...ties}
          rows={2}
          required
          autoFocus={autoFocus}
          maxLength={2000}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
