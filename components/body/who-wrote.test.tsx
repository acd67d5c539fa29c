// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { WordsAuthor } from "@/domain/body/who-wrote";
import { expectAccessible, fakeServer, renderScreen } from "../ui/test-screen";
import { Authors } from "./who-wrote";

afterEach(cleanup);

const path = "GET /api/stories/s/authors?field=body&relStart=AQ%3D%3D&relEnd=Ag%3D%3D";
const show = () =>
  renderScreen(
    <Authors storyId="s" personId="me" words={{ field: "body", relStart: "AQ==", relEnd: "Ag==" }} />,
  );
const author = (given: Partial<WordsAuthor>): WordsAuthor => ({
  person: { id: "me", name: "Ana Berisha" },
  at: "2026-03-02T09:00:00.000Z",
  words: ["Four thousand"],
  ...given,
});

test("[BO8] each author stands there with their words; the reader is told which are their own", async () => {
  const ben = { id: "ben", name: "Ben Krasniqi" };
  const many = ["a", "b", "c", "d", "e", "f"];
  fakeServer({
    [path]: { json: [author({}), author({ person: ben, words: many }), author({ person: null })] },
  });
  show();
  screen.getByRole("status", { name: "Looking who wrote this" });
  const items = await screen.findAllByRole("listitem");
  const said = items.map((item) => item.textContent);
  expect(said[0]).toMatch(/Ana Berisha \(you\).*Four thousand$/);
  expect(said[1]).toMatch(/Ben Krasniqi.*a … b … c … d … and 2 more$/);
  expect(said[2]).toContain("Nobody here");
  await expectAccessible();
});

test("words on their way to the store are asked about until they are there", async () => {
  let asked = 0;
  const notThere = { status: 409, json: { code: "words-not-there", title: "Not yet." } };
  fakeServer({ [path]: () => ((asked += 1) < 2 ? notThere : { json: [author({})] }) });
  show();
  await screen.findByRole("listitem", {}, { timeout: 5000 });
  expect(asked).toBe(2);
});

test("what could not be fetched can be asked again", async () => {
  let isDown = true;
  fakeServer({ [path]: () => (isDown ? { status: 500, json: {} } : { json: [] }) });
  show();
  const again = await screen.findByRole("button", { name: "Try again" });
  expect(screen.getByRole("alert").textContent).toContain("The authors of these words could not be fetched.");
  await expectAccessible();
  isDown = false;
  fireEvent.click(again);
  await waitFor(() => screen.getByText("No words are selected here."));
});
