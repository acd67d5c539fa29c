import { expect, test } from "vitest";
import type { Person, Role } from "./person";
import { roles } from "./person";
import { rightSentence } from "./right-sentences";
import {
  type ClaimAct,
  mayInNewsroom,
  mayOnClaim,
  mayJudgeWords,
  mayOnStory,
  type MissingRight,
  type NewsroomAct,
  type StoryAct,
  type StoryFacts,
} from "./rights";

const person = (role: Role, id = "me"): Person => ({
  id,
  name: `The ${role}`,
  email: `${id}@newsroom.test`,
  role,
});
const story = (facts: Partial<StoryFacts> = {}): StoryFacts => ({
  status: "checking",
  private: false,
  startedBy: "starter",
  people: ["admin-named"],
  writers: ["writer"],
  ...facts,
});
const all: Readonly<Record<StoryAct, readonly Role[]>> = {
  "read-story": ["reporter", "checker", "editor"],
  "write-text": ["reporter", "editor"],
  "edit-details": ["reporter", "editor"],
  "mark-claim": ["reporter", "checker", "editor"],
  comment: ["reporter", "checker", "editor"],
  "add-evidence": ["reporter", "checker", "editor"],
  assign: ["reporter", "checker", "editor"],
  judge: ["reporter", "checker", "editor"],
  waive: ["editor"],
  "send-to-checking": ["reporter", "checker", "editor"],
  "send-back": ["checker", "editor"],
  approve: ["editor"],
  "withdraw-approval": ["editor"],
  publish: ["editor"],
  spike: ["editor"],
  revive: ["editor"],
  "restore-version": ["reporter", "editor"],
  "set-privacy": ["editor"],
  "read-story-record": ["reporter", "checker", "editor"],
};
const storyActs = Object.entries(all) as readonly (readonly [StoryAct, readonly Role[]])[];
const claimActs: readonly ClaimAct[] = ["remove-claim", "lower-importance", "change-kind", "change-words"];
const newsroomActs: Readonly<Record<NewsroomAct, readonly Role[]>> = {
  "start-story": ["reporter", "editor"],
  "manage-people": ["admin"],
  "read-newsroom-record": ["editor"],
};

/** True when the act may be done; else the word of the refusal, which must have a sentence. */
function answer(given: true | { readonly refused: MissingRight }): string {
  if (given === true) return "yes";
  expect(rightSentence(given.refused), given.refused).toMatch(/^[A-Z].*\.$/);
  return given.refused;
}

for (const [act, mayDo] of storyActs) {
  for (const role of roles) {
    const may = mayDo.includes(role);
    test(`[PE1] ${role}: ${act} on an open story is ${may ? "allowed" : "refused"}`, () => {
      const id = role === "admin" ? "admin-named" : "me";
      const expected = may || (role === "admin" && act === "read-story") ? "yes" : `may-not-${act}`;
      expect(answer(mayOnStory(person(role, id), act, story()))).toBe(expected);
    });
    test(`[PE1] ${role}: ${act} on another's private story`, () => {
      const hidden = answer(mayOnStory(person(role), act, story({ private: true })));
      expect(hidden === "not-visible").toBe(role !== "editor");
    });
  }
}

for (const act of claimActs) {
  const claim = { markedBy: "me", touchedByOthers: false };
  test(`[PE1][CL5] ${act}: a reporter's own, while nobody else has added to it; checkers and editors any`, () => {
    expect(answer(mayOnClaim(person("reporter"), act, story(), claim))).toBe("yes");
    expect(answer(mayOnClaim(person("reporter"), act, story(), { ...claim, markedBy: "other" }))).toBe(
      "not-your-claim",
    );
    expect(answer(mayOnClaim(person("reporter"), act, story(), { ...claim, touchedByOthers: true }))).toBe(
      "touched-by-others",
    );
    for (const role of ["checker", "editor"] as const) {
      const theirs = { markedBy: "other", touchedByOthers: true };
      expect(answer(mayOnClaim(person(role), act, story(), theirs))).toBe("yes");
    }
    expect(answer(mayOnClaim(person("admin", "admin-named"), act, story(), claim))).toBe(`may-not-${act}`);
    expect(answer(mayOnClaim(person("reporter"), act, story({ private: true }), claim))).toBe("not-visible");
  });
}

for (const [act, mayDo] of Object.entries(newsroomActs) as readonly (readonly [
  NewsroomAct,
  readonly Role[],
])[]) {
  test(`[PE1] ${act} is for ${mayDo.join(" and ")}`, () => {
    for (const role of roles) {
      expect(answer(mayInNewsroom(person(role), act))).toBe(mayDo.includes(role) ? "yes" : `may-not-${act}`);
    }
  });
}

test("[PE1][BO8] a reporter never judges a story they wrote in, a checker and an editor not words they wrote", () => {
  for (const role of ["reporter", "checker", "editor"] as const) {
    const writer = person(role, "writer");
    const inStory = role === "reporter" ? "wrote-in-it" : "yes";
    expect(answer(mayOnStory(writer, "judge", story()))).toBe(inStory);
    expect(answer(mayJudgeWords(writer, story(), ["other"]))).toBe(inStory);
    const theirs = role === "reporter" ? "wrote-in-it" : "wrote-these-words";
    expect(answer(mayJudgeWords(writer, story(), ["other", "writer"]))).toBe(theirs);
    expect(answer(mayJudgeWords(person(role, "reader"), story(), ["other", "writer"]))).toBe("yes");
  }
  expect(answer(mayJudgeWords(person("admin", "admin-named"), story(), []))).toBe("may-not-judge");
});

test("[PE1] an editor approves only what someone else wrote in too", () => {
  const editor = person("editor", "writer");
  expect(answer(mayOnStory(editor, "approve", story()))).toBe("only-writer");
  expect(answer(mayOnStory(editor, "approve", story({ writers: [] })))).toBe("only-writer");
  expect(answer(mayOnStory(editor, "approve", story({ writers: ["writer", "other"] })))).toBe("yes");
});

test("[PE1] a checker sends back only from checking; an editor from approved too", () => {
  const approved = story({ status: "approved" });
  expect(answer(mayOnStory(person("checker"), "send-back", approved))).toBe("may-not-send-back");
  expect(answer(mayOnStory(person("editor"), "send-back", approved))).toBe("yes");
});

test("[PE1] who started a story may make it private; another reporter may not", () => {
  expect(answer(mayOnStory(person("reporter", "starter"), "set-privacy", story()))).toBe("yes");
  expect(answer(mayOnStory(person("reporter"), "set-privacy", story()))).toBe("may-not-set-privacy");
});

test("[WF4] the text of a published story is read-only for everyone", () => {
  for (const act of ["write-text", "edit-details", "restore-version"] as const) {
    expect(answer(mayOnStory(person("editor"), act, story({ status: "published" })))).toBe(
      "published-is-read-only",
    );
  }
});

test("[PE1] an admin reads a story only if named on it, and a private one is there for those named", () => {
  expect(answer(mayOnStory(person("admin"), "read-story", story()))).toBe("not-visible");
  expect(answer(mayOnStory(person("admin", "admin-named"), "read-story", story()))).toBe("yes");
  const hidden = story({ private: true, people: ["me"] });
  expect(answer(mayOnStory(person("checker"), "read-story", hidden))).toBe("yes");
  expect(answer(mayOnStory(person("reporter", "starter"), "read-story", hidden))).toBe("yes");
});
