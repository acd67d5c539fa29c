import { act, cleanup, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person } from "@/domain/people/person";
import { fakeServer, FakeSocket, renderScreen } from "../ui/test-screen";
import { OwnRole } from "./own-role";
import { SignedIn } from "./signed-in";

const refresh = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh }) }));

beforeEach(() => FakeSocket.install());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("[PE4] a changed role changes the page of who is looking, and only then", async () => {
  const person: Person = { id: "r", name: "Reporter One", email: "reporter1@demo.test", role: "reporter" };
  let now = person;
  const asked = fakeServer({ "GET /api/me": () => ({ json: now }) });
  renderScreen(
    <SignedIn person={person}>
      <OwnRole />
    </SignedIn>,
  );
  await act(() => FakeSocket.say({ type: "people" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(refresh).not.toHaveBeenCalled();
  now = { ...person, role: "editor" };
  await act(() => FakeSocket.say({ type: "people" }));
  await waitFor(() => expect(refresh).toHaveBeenCalledOnce());
});
