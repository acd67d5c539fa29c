import type { Role } from "@/domain/people/person";

/** What a role is called and what it may, in a line. The letter is `domain/people/rights.ts`. */
export const roleWords: Record<Role, { readonly label: string; readonly may: string }> = {
  reporter: {
    label: "Reporter",
    may: "Writes stories, marks claims and adds evidence. Sends to checking.",
  },
  checker: { label: "Checker", may: "Marks and judges claims, adds evidence. Does not write text." },
  editor: { label: "Editor", may: "Writes, judges and waives. Approves and publishes." },
  admin: { label: "Admin", may: "Manages people. Sees only stories that name them." },
};
