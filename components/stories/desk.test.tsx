import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Person } from "@/domain/people/person";
import type { DeskStory } from "@/domain/stories/story";
import { SignedIn } from "../people/signed-in";
import { expectAccessible, fakeServer, FakeSocket, renderScreen } from "../ui/test-screen";
import { Desk } from "./desk";
import { deskStory } from "./test-story";

const push = vi.fn();
vi.mock("next/navigation", () => ({
  useRouter: () => ({ push }),
  useSearchParams: () => new URLSearchParams(window.location.search),
}));

const reporter: Person = { id: "r1", name: "Reporter One", email: "reporter1@demo.test", role: "reporter" };
const checker: Person = { id: "c1", name: "Checker One", email: "checker1@demo.test", role: "checker" };
const stories = [
  deskStory({
    id: "s1",
    headline: "Troops in the north",
    status: "checking",
    claims: { total: 14, left: 5 },
  }),
  deskStory({ id: "s2", headline: "Court confirms sentence", status: "draft" }),
  deskStory({ id: "s3", headline: "", status: "draft", private: true }),
];

const open = (person: Person = reporter, first: readonly DeskStory[] = stories) =>
  renderScreen(
    <SignedIn person={person}>
      <Desk first={first} />
    </SignedIn>,
  );
const row = (headline: string) => {
  const item = screen.getByRole("link", { name: headline }).closest("li");
  if (!item) throw new Error(`no row for ${headline}`);
  return within(item);
};

beforeEach(() => {
  FakeSocket.install();
  localStorage.clear();
  window.history.replaceState(null, "", "/");
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the desk", () => {
  test("lists every story with its status and the claims that are left", async () => {
    fakeServer({ "GET /api/stories": { json: stories } });
    const { container } = open();
    expect(within(screen.getByRole("list", { name: "Stories" })).getAllByRole("link")).toHaveLength(3);
    expect(row("Troops in the north").getByText("Checking")).toBeTruthy();
    expect(row("Troops in the north").getByText("5 of 14 left")).toBeTruthy();
    expect(row("No headline yet Private").getByText("Draft")).toBeTruthy();
    await expectAccessible(container);
  });

  test("an empty desk offers one way to start a story", () => {
    fakeServer({ "GET /api/stories": { json: [] } });
    open(reporter, []);
    expect(screen.getAllByRole("button", { name: "New story" })).toHaveLength(1);
  });

  test("shows who enters a story", async () => {
    let now = stories;
    fakeServer({ "GET /api/stories": () => ({ json: now }) });
    open();
    const here = [{ id: "c1", name: "Checker One" }];
    now = stories.map((story) => (story.id === "s2" ? { ...story, here } : story));
    await act(() => FakeSocket.say({ type: "presence", storyId: "s2", here }));
    const present = await row("Court confirms sentence").findAllByRole("list", { name: "In it now" });
    expect(present[0]?.textContent).toContain("Checker One");
  });

  test("[RE3] shows a change of status once the server has said so", async () => {
    let now = stories;
    fakeServer({ "GET /api/stories": () => ({ json: now }) });
    open();
    now = stories.map((story) => (story.id === "s1" ? { ...story, status: "approved" as const } : story));
    await act(() => FakeSocket.say({ type: "story", storyId: "s1" }));
    await waitFor(() => expect(row("Troops in the north").getByText("Approved")).toBeTruthy());
  });

  test("side by side each status is a region of its own", async () => {
    vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
    fakeServer({ "GET /api/stories": { json: stories } });
    const { container } = open();
    fireEvent.click(screen.getByRole("button", { name: "As columns by status" }));
    const list = within(screen.getByRole("list", { name: "Stories" }));
    const checking = within(list.getByRole("region", { name: "Checking" }));
    expect(checking.getByRole("link", { name: "Troops in the north" })).toBeTruthy();
    await expectAccessible(container);
  });

  test("goes through the stories by keyboard, and / goes to the search", () => {
    fakeServer({ "GET /api/stories": { json: stories } });
    open();
    const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
    press("j");
    expect(document.activeElement?.textContent).toBe("Troops in the north");
    press("ArrowDown");
    expect(document.activeElement?.textContent).toBe("Court confirms sentence");
    press("k");
    expect(document.activeElement?.textContent).toBe("Troops in the north");
    press("/");
    expect(document.activeElement).toBe(screen.getByRole("searchbox", { name: "Search stories" }));
    press("j");
    expect(document.activeElement).toBe(screen.getByRole("searchbox", { name: "Search stories" }));
  });

  test("asks the server for the words, keeps them in the address, and loses no letter", async () => {
    const found = stories.slice(1, 2);
    fakeServer({
      "GET /api/stories": { json: stories },
      "GET /api/stories?q=sentence": { json: found },
    });
    open();
    const search = screen.getByRole<HTMLInputElement>("searchbox", { name: "Search stories" });
    for (const letter of "sentence") {
      fireEvent.change(search, { target: { value: search.value + letter } });
    }
    expect(search.value).toBe("sentence");
    expect(window.location.search).toBe("?q=sentence");
    const list = within(screen.getByRole("list", { name: "Stories" }));
    await waitFor(() => expect(list.getAllByRole("link")).toHaveLength(1));
  });

  test("a reporter starts a story and goes on to it", async () => {
    const asked = fakeServer({
      "GET /api/stories": { json: stories },
      "POST /api/stories": { status: 201, json: { id: "new" } },
    });
    open();
    fireEvent.click(screen.getByRole("button", { name: "New story" }));
    const dialog = within(screen.getByRole("dialog", { name: "New story" }));
    fireEvent.change(dialog.getByLabelText("Headline"), { target: { value: "A new one" } });
    await expectAccessible(screen.getByRole("dialog"));
    fireEvent.click(dialog.getByRole("button", { name: "Start writing" }));
    await waitFor(() => expect(push).toHaveBeenCalledWith("/stories/new"));
    expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ headline: "A new one" });
  });

  test("[PE1] a checker starts none", () => {
    fakeServer({ "GET /api/stories": { json: [] } });
    open(checker, []);
    expect(screen.queryByRole("button", { name: "New story" })).toBeNull();
    expect(screen.getByText("No stories yet")).toBeTruthy();
  });

  test("says so when what it shows may be out of date", async () => {
    fakeServer({ "GET /api/stories": { status: 500, json: { code: "failed", title: "It failed." } } });
    open();
    expect((await screen.findByRole("alert")).textContent).toContain("It failed.");
    expect(screen.getByRole("link", { name: "Troops in the north" })).toBeTruthy();
  });
});
