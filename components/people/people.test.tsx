import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Colleague, Person } from "@/domain/people/person";
import { expectAccessible, fakeServer, FakeSocket, renderScreen } from "../ui/test-screen";
import { People } from "./people";
import { SignedIn } from "./signed-in";

const admin: Person = { id: "a", name: "Admin", email: "admin@demo.test", role: "admin" };
const colleagues: Colleague[] = [
  { id: "a", name: "Admin", email: "admin@demo.test", role: "admin", active: true, invited: false },
  {
    id: "r",
    name: "Reporter One",
    email: "reporter1@demo.test",
    role: "reporter",
    active: true,
    invited: false,
  },
  { id: "c", name: "Checker One", email: "checker1@demo.test", role: "checker", active: true, invited: true },
];

const open = (person: Person = admin) =>
  renderScreen(
    <SignedIn person={person}>
      <People />
    </SignedIn>,
  );

/** Opens somebody's menu by keyboard and chooses. */
async function choose(name: string, item: string) {
  const menu = await screen.findByRole("button", { name: `What to do about ${name}` });
  fireEvent.keyDown(menu, { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: item }));
}

beforeEach(() => FakeSocket.install());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("lists everyone with role and state", async () => {
  fakeServer({ "GET /api/people": { json: colleagues } });
  const { container } = open();
  const row = (await screen.findByText("Checker One", { selector: "p span" })).closest("li");
  expect(row?.textContent).toContain("Invited");
  expect(within(screen.getByRole("list", { name: "People" })).getAllByRole("listitem")).toHaveLength(3);
  await expectAccessible(container);
});

test("[PE1] somebody who is no admin is told so and asks the server nothing", () => {
  const asked = fakeServer({});
  open({ ...admin, role: "editor" });
  expect(screen.getByText("Only an admin manages people")).toBeTruthy();
  expect(asked).toEqual([]);
});

test("[PE3] an invitation shows its link once, to be copied", async () => {
  const link = "http://127.0.0.1:3000/link#invitation.secret";
  const asked = fakeServer({
    "GET /api/people": { json: colleagues },
    "POST /api/people": { status: 201, json: { id: "n", link } },
  });
  open();
  fireEvent.click(screen.getByRole("button", { name: "Invite" }));
  const dialog = within(screen.getByRole("dialog", { name: "Invite a person" }));
  fireEvent.change(dialog.getByLabelText("Name"), { target: { value: "Checker Three" } });
  fireEvent.change(dialog.getByLabelText("E-mail"), { target: { value: "Checker3@demo.test" } });
  fireEvent.click(dialog.getByRole("radio", { name: /^Checker/ }));
  fireEvent.click(dialog.getByRole("button", { name: "Invite" }));
  const shown = await dialog.findByLabelText<HTMLInputElement>("One-time link for Checker Three");
  expect(shown.value).toBe(link);
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
    name: "Checker Three",
    email: "checker3@demo.test",
    role: "checker",
  });
  // The page behind is hidden from readers while a dialog is open; the check is of the dialog.
  await expectAccessible(screen.getByRole("dialog"));
});

test("an address that is taken is said at its field", async () => {
  const json = { code: "address-taken", title: "Somebody with this address is already here." };
  fakeServer({ "GET /api/people": { json: colleagues }, "POST /api/people": { status: 409, json } });
  open();
  fireEvent.click(screen.getByRole("button", { name: "Invite" }));
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.change(dialog.getByLabelText("Name"), { target: { value: "X" } });
  fireEvent.change(dialog.getByLabelText("E-mail"), { target: { value: "reporter1@demo.test" } });
  fireEvent.click(dialog.getByRole("button", { name: "Invite" }));
  await dialog.findByText("Somebody with this address is already here.");
  expect(dialog.getByLabelText("E-mail").getAttribute("aria-invalid")).toBe("true");
});

test("deactivating says what follows and asks once", async () => {
  const asked = fakeServer({ "GET /api/people": { json: colleagues }, "PATCH /api/people/r": {} });
  open();
  await choose("Reporter One", "Deactivate…");
  const dialog = within(await screen.findByRole("dialog", { name: "Deactivate Reporter One?" }));
  expect(dialog.getByText(/signed out everywhere at once/)).toBeTruthy();
  fireEvent.click(dialog.getByRole("button", { name: "Deactivate" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked.find(({ method }) => method === "PATCH")?.body).toEqual({ active: false });
});

test("[PE5] the last admin's role stays, and the sentence says why", async () => {
  const json = { code: "last-admin", title: "There must always be one active admin." };
  fakeServer({ "GET /api/people": { json: colleagues }, "PATCH /api/people/a": { status: 409, json } });
  open();
  await choose("Admin", "Change role…");
  const dialog = within(await screen.findByRole("dialog"));
  fireEvent.click(dialog.getByRole("radio", { name: /^Editor/ }));
  fireEvent.click(dialog.getByRole("button", { name: "Change role" }));
  expect(await dialog.findByText("There must always be one active admin.")).toBeTruthy();
});
