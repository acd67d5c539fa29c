/** Colleagues' carets and selections in a field, with their names. */
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import type { Extension } from "@tiptap/core";
import type { Awareness } from "y-protocols/awareness";
import { z } from "zod";
import { personColour } from "../ui/person-colour";

/** What each device says of its person on the awareness channel. */
export type Presence = { readonly id: string; readonly name: string; readonly color: string };

const PresenceSaid = z.object({ id: z.string().max(64), name: z.string().max(200) });

export const presenceOf = (person: { readonly id: string; readonly name: string }): Presence => ({
  id: person.id,
  name: person.name,
  color: personColour(person.id),
});

/** Who is there besides this device, each person once. What other devices say is outside data. */
export function othersHere(awareness: Awareness): readonly { readonly id: string; readonly name: string }[] {
  const people = new Map<string, { id: string; name: string }>();
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue;
    const said = PresenceSaid.safeParse(state.user);
    if (said.success) people.set(said.data.id, said.data);
  }
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The colour is ours by the person's id: nothing that another device says becomes a style. */
function colourOf(user: Record<string, unknown>): string {
  const said = PresenceSaid.safeParse(user);
  return personColour(said.success ? said.data.id : "");
}

export function otherCarets(awareness: Awareness, presence: Presence): Extension {
  return CollaborationCaret.configure({
    // The block ids' extension listens to a provider found here and would write ids into existing text.
    provider: { awareness, on: () => {}, off: () => {} },
    user: presence,
    render: (user) => {
      const said = PresenceSaid.safeParse(user);
      const caret = document.createElement("span");
      caret.className = "other-caret";
      caret.dataset.name = said.success ? said.data.name : "Someone";
      caret.style.setProperty("--caret", colourOf(user));
      return caret;
    },
    selectionRender: (user) => ({
      class: "other-selection",
      style: `background-color: color-mix(in srgb, ${colourOf(user)} 22%, transparent)`,
    }),
  });
}
