import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { expectAccessible, fakeServer, renderScreen } from "../ui/test-screen";
import { Door } from "./door";
import { LinkPage } from "./link-page";
import { SignInForm } from "./sign-in-form";

const wentTo = vi.fn();
beforeEach(() => {
  wentTo.mockClear();
  vi.spyOn(window.location, "assign").mockImplementation(wentTo);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  window.location.hash = "";
});

const button = (name: string) => screen.getByRole("button", { name });

describe("the sign-in", () => {
  const open = () =>
    renderScreen(
      <Door title="Sign in">
        <SignInForm next="/stories/1" />
      </Door>,
    );
  const fill = () => {
    fireEvent.change(screen.getByLabelText("E-mail"), { target: { value: "reporter1@demo.test" } });
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "a password" } });
  };

  test("lets in and goes on to the page that was asked for", async () => {
    const asked = fakeServer({ "POST /api/auth/sign-in/email": {} });
    open();
    fill();
    fireEvent.click(button("Sign in"));
    await waitFor(() => expect(wentTo).toHaveBeenCalledWith("/stories/1"));
    expect(asked[0]?.body).toEqual({ email: "reporter1@demo.test", password: "a password" });
  });

  test("[PE2] says the server's one sentence and waits in the password", async () => {
    const json = { code: "wrong-sign-in", title: "The address or the password is not right." };
    fakeServer({ "POST /api/auth/sign-in/email": { status: 401, json } });
    const { container } = open();
    fill();
    fireEvent.click(button("Sign in"));
    expect(await screen.findByText("The address or the password is not right.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText("Password"));
    await expectAccessible(container);
  });

  test("asks for what is missing before it asks the server", async () => {
    const asked = fakeServer({});
    open();
    fireEvent.click(button("Sign in"));
    expect(await screen.findAllByText("Fill this in.")).toHaveLength(2);
    expect(document.activeElement).toBe(screen.getByLabelText("E-mail"));
    expect(asked).toEqual([]);
  });
});

describe("a one-time link", () => {
  test("[PE3] opening it asks the server nothing; the button enters", async () => {
    window.location.hash = "entry.secret";
    const asked = fakeServer({ "POST /api/auth/links": {} });
    const { container } = renderScreen(<LinkPage />);
    await expectAccessible(container);
    expect(asked).toEqual([]);
    fireEvent.click(button("Enter the newsroom"));
    await waitFor(() => expect(wentTo).toHaveBeenCalledWith("/"));
    expect(asked).toEqual([{ method: "POST", path: "/api/auth/links", body: { token: "entry.secret" } }]);
  });

  test("[PE3] an invitation asks for a password of one's own", async () => {
    window.location.hash = "invitation.secret";
    const asked = fakeServer({ "POST /api/auth/links": {} });
    const { container } = renderScreen(<LinkPage />);
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "short" } });
    fireEvent.click(button("Save and enter"));
    expect(await screen.findByText("At least 10 characters.")).toBeTruthy();
    expect(asked).toEqual([]);
    await expectAccessible(container);
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "long enough now" } });
    fireEvent.click(button("Save and enter"));
    await waitFor(() => expect(wentTo).toHaveBeenCalledWith("/"));
    expect(asked[0]?.body).toEqual({ token: "invitation.secret", password: "long enough now" });
  });

  test("asks for a password when the server says that one is needed", async () => {
    window.location.hash = "of-an-older-kind";
    const json = { code: "needs-password", title: "Choose a password." };
    fakeServer({ "POST /api/auth/links": { status: 422, json } });
    renderScreen(<LinkPage />);
    fireEvent.click(button("Enter the newsroom"));
    expect(await screen.findByLabelText("Password")).toBeTruthy();
  });

  test("[PE3] one that was used says what to do", async () => {
    window.location.hash = "entry.used";
    const json = { code: "link-not-valid", title: "This link is not valid any more." };
    fakeServer({ "POST /api/auth/links": { status: 401, json } });
    const { container } = renderScreen(<LinkPage />);
    fireEvent.click(button("Enter the newsroom"));
    expect(await screen.findByRole("heading", { name: "This link does not work any more" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Go to sign-in" })).toBeTruthy();
    await expectAccessible(container);
  });
});
