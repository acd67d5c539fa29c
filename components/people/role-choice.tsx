import type { ComponentProps } from "react";
import { roles, type Role } from "@/domain/people/person";
import { roleWords } from "./role-words";

type RoleChoiceProps = Omit<ComponentProps<"input">, "type" | "value" | "checked" | "onChange"> & {
  /** The role that is chosen; left out where a form keeps it. */
  readonly chosen?: Role;
  readonly onChoose?: (role: Role) => void;
  readonly onChange?: ComponentProps<"input">["onChange"];
};

/** The four roles with what each may; its inputs take what a form registers. */
export function RoleChoice({ chosen, onChoose, onChange, ...given }: RoleChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">Role</legend>
      <div className="flex flex-col gap-1.5">
        {roles.map((role) => (
          <label
            key={role}
            className="flex cursor-pointer items-start gap-3 rounded-md border px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              {...given}
              {...(chosen === undefined ? {} : { checked: chosen === role })}
              type="radio"
              value={role}
              onChange={(event) => {
                onChoose?.(role);
                onChange?.(event);
              }}
              className="mt-1 accent-accent"
            />
            <span className="text-sm">
              <span className="font-medium">{roleWords[role].label}</span>
              <span className="block text-xs text-ink-soft">{roleWords[role].may}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
