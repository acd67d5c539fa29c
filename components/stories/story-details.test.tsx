import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Person } from "@/domain/people/person";
import type { Story } from "@/domain/stories/story";
import { SignedIn } from "../people/signed-in";
import { expectAccessible, fakeServer, FakeSocket, renderScreen } from "../ui/test-screen";
import { StoryDetails } from "./story-details";
import { wholeStory } from "./test-story";
import { useStory } from "./use-story";

const reporter: Person = { id: "r1", name: "Reporter One", email: "reporter1@demo.test", role: "reporter" };
const checker: Person = { id: "c1", name: "Checker One", email: "checker1@demo.test", role: "checker" };
const colleagues = [
  { id: "r1", name: "Reporter One", role: "reporter", active: true },
  { id: "c1", name: "Checker One", role: "checker", active: true },
];

function Live({ first }: { readonly first: Story }) {
  const { data } = useStory(first.id, first);
  return data ? <StoryDetails story={data} /> : null;
}

/** A server that keeps what it is sent. */
function open(person: Person, first: Story, refuse?: { readonly status: number; readonly json: unknown }) {
  let kept = first;
  const asked = fakeServer({
    "GET /api/stories/s1": () => ({ json: kept }),
    "GET /api/people": { json: colleagues },
    "PATCH /api/stories/s1": ({ body }) => {
      if (refuse) return refuse;
      kept = { ...kept, ...(body as Partial<Story>) };
      return { json: kept };
    },
  });
  const { container } = renderScreen(
    <SignedIn person={person}>
      <Live first={first} />
    </SignedIn>,
  );
  return { container, sent: () => asked.filter(({ method }) => method === "PATCH").map(({ body }) => body) };
}

const box = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
function fill(label: string, value: string) {
  fireEvent.change(box(label), { target: { value } });
  fireEvent.blur(box(label));
}

beforeEach(() => FakeSocket.install());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("what stands beside the text", () => {
  test("a dateline's date is typed as text, and one that is none is said and not sent", async () => {
    const { container, sent } = open(reporter, wholeStory());
    expect(screen.getByRole("textbox", { name: "Dateline date" })).toBe(box("Dateline date"));
    fill("Dateline date", "30.2.2026");
    expect(await screen.findByText(/A day of the calendar as YYYY-MM-DD/)).toBeTruthy();
    await expectAccessible(container);
    fill("Dateline place", "MITROVICA");
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()).toEqual([{ dateline: { place: "MITROVICA", date: wholeStory().dateline.date } }]);
  });

  test("is saved when its field is left, and says so", async () => {
    const { container, sent } = open(reporter, wholeStory());
    fill("Byline", "Reporter One, Reporter Two");
    expect(await screen.findByText("Saved")).toBeTruthy();
    expect(sent()).toEqual([{ byline: ["Reporter One", "Reporter Two"] }]);
    await expectAccessible(container);
  });

  test("the two halves of a dateline never undo each other", async () => {
    const { sent } = open(reporter, wholeStory({ dateline: { place: "", date: "" } }));
    fill("Dateline place", "MITROVICA");
    fill("Dateline date", "2026-11-25");
    await waitFor(() => expect(screen.getAllByText("Saved")).toHaveLength(2));
    expect(sent().at(-1)).toEqual({ dateline: { place: "MITROVICA", date: "2026-11-25" } });
    expect(box("Dateline place").value).toBe("MITROVICA");
  });

  test("nothing is sent when nothing was changed", () => {
    const { sent } = open(reporter, wholeStory());
    fill("Slug", "troops-in-the-north");
    expect(sent()).toEqual([]);
  });

  test("[WF5] a slug in use is said at the field, which keeps the words", async () => {
    const json = { code: "slug-taken", title: "Another story has this slug. Choose another one." };
    const { container } = open(reporter, wholeStory(), { status: 409, json });
    fill("Slug", "court");
    expect(await screen.findByText("Another story has this slug. Choose another one.")).toBeTruthy();
    expect(box("Slug").value).toBe("court");
    expect(box("Slug").getAttribute("aria-invalid")).toBe("true");
    await expectAccessible(container);
  });

  test("Escape goes back to what is stored", () => {
    open(reporter, wholeStory());
    fireEvent.change(box("Dateline place"), { target: { value: "X" } });
    fireEvent.keyDown(box("Dateline place"), { key: "Escape" });
    expect(box("Dateline place").value).toBe("PRISTINA");
  });

  test("[PE1] a checker reads it and is told why it is not theirs to change", () => {
    open(checker, wholeStory());
    for (const label of ["Dateline place", "Dateline date", "Byline", "Slug"]) {
      expect(box(label).readOnly).toBe(true);
    }
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Private" }).disabled).toBe(true);
  });

  test("[PE1] who started it names people and makes it private", async () => {
    const { sent } = open(reporter, wholeStory());
    fireEvent.click(screen.getByRole("checkbox", { name: "Private" }));
    await waitFor(() => expect(sent()).toEqual([{ private: true }]));
    const names = await screen.findByRole<HTMLSelectElement>("combobox", { name: "Name a colleague" });
    fireEvent.change(names, { target: { value: "c1" } });
    await waitFor(() => expect(sent().at(-1)).toEqual({ people: ["c1"] }));
  });
});
