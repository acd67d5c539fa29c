import { expect, test } from "vitest";
import { filterFrom, queryOf, shownOf } from "./desk-filter";
import { deskStory } from "./test-story";

test("the filter survives the way through the address", () => {
  const filter = { status: "checking", mine: true, words: "4,600 troops" } as const;
  expect(filterFrom(new URLSearchParams(queryOf(filter, new URLSearchParams())))).toEqual(filter);
});

test("what makes no sense in the address is left out", () => {
  const params = new URLSearchParams("status=burnt&assignee=somebody");
  expect(filterFrom(params)).toEqual({ status: null, mine: false, words: "" });
});

test("an empty filter leaves the rest of the address alone", () => {
  const params = new URLSearchParams("q=old&view=columns");
  expect(queryOf({ status: null, mine: false, words: "" }, params)).toBe("?view=columns");
});

test("shows the status and the assignee that are asked for, in order", () => {
  const stories = [
    deskStory({ id: "1", status: "checking", assignees: ["c1"] }),
    deskStory({ id: "2", status: "draft", assignees: ["c1"] }),
    deskStory({ id: "3", status: "checking" }),
  ];
  const ids = (status: "checking" | null, mine: boolean) =>
    shownOf(stories, { status, mine }, "c1").map(({ id }) => id);
  expect(ids(null, false)).toEqual(["1", "2", "3"]);
  expect(ids("checking", false)).toEqual(["1", "3"]);
  expect(ids("checking", true)).toEqual(["1"]);
});
