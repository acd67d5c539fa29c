"use client";
import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { mayOnStory } from "@/domain/people/rights";
import { storyFactsOf } from "@/domain/stories/story-facts";
import type { Story, StoryChange } from "@/domain/stories/story";
import { useSignedIn } from "../people/signed-in";
import { usePeople } from "../people/use-people";
import { askServer } from "../ui/ask-server";
import { Avatar } from "../ui/avatar";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { Select } from "../ui/select";
import { useAsking } from "../ui/use-asking";

/** [PE1] Who may see the story: everyone who works here, or only who started it, who is named on it, and editors. */
export function StoryPrivacy({ story }: { readonly story: Story }) {
  const person = useSignedIn();
  const maySet = mayOnStory(person, "set-privacy", storyFactsOf(story)) === true;
  const { refusal, busy, change } = useChange(story.id);
  const hintId = useId();
  return (
    <fieldset className="flex flex-col gap-3 border-t pt-5" aria-busy={busy}>
      <legend className="sr-only">Who may see it</legend>
      <div className="flex items-start gap-3 text-sm">
        <input
          id={`${hintId}-box`}
          type="checkbox"
          checked={story.private}
          disabled={!maySet || busy}
          aria-describedby={hintId}
          onChange={(event) => change({ private: event.target.checked })}
          className="mt-1 size-4 accent-accent"
        />
        <div>
          <label htmlFor={`${hintId}-box`} className="font-medium">
            Private
          </label>
          <p id={hintId} className="text-xs text-ink-faint">
            Only {story.startedBy.name}, the people named here, and editors see it.
          </p>
        </div>
      </div>
      <NamedPeople story={story} maySet={maySet && !busy} change={change} />
      <FormProblem sentence={refusal} />
    </fieldset>
  );
}

function useChange(storyId: string) {
  const queries = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const change = (body: StoryChange) =>
    ask(async () => {
      setRefusal(null);
      const answer = await askServer({ method: "PATCH", path: `/api/stories/${storyId}`, body });
      if ("problem" in answer) return setRefusal(answer.problem.title);
      await queries.invalidateQueries({ queryKey: ["story", storyId] });
    });
  return { refusal, busy, change };
}

type NamedPeopleProps = {
  readonly story: Story;
  readonly maySet: boolean;
  readonly change: (change: StoryChange) => void;
};

function NamedPeople({ story, maySet, change }: NamedPeopleProps) {
  const people = usePeople();
  const named = story.people.map(({ id }) => id);
  const others = (people.data ?? []).filter(
    ({ id, active }) => active && !named.includes(id) && id !== story.startedBy.id,
  );
  const options = [
    { value: "", label: "Name a colleague…" },
    ...others.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className="flex flex-col gap-2">
      {story.people.length > 0 ? (
        <ul aria-label="Named on the story" className="flex flex-wrap gap-1.5">
          {story.people.map((person) => (
            <li
              key={person.id}
              className="flex items-center gap-1.5 rounded-full bg-sunken py-0.5 pr-1 pl-0.5 text-sm"
            >
              <span aria-hidden className="flex">
                <Avatar person={person} size="small" />
              </span>
              {person.name}
              {maySet ? (
                <button
                  type="button"
                  aria-label={`Take ${person.name} off the story`}
                  onClick={() => change({ people: named.filter((id) => id !== person.id) })}
                  className="inline-flex size-6 items-center justify-center rounded-full text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:size-11"
                >
                  <X size={14} aria-hidden />
                </button>
              ) : (
                <span className="w-1" />
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {maySet && others.length > 0 ? (
        <Field label="Name a colleague" labelHidden>
          {(ties) => (
            <Select
              {...ties}
              options={options}
              value=""
              onChange={(event) => change({ people: [...named, event.target.value] })}
            />
          )}
        </Field>
      ) : null}
    </div>
  );
}
