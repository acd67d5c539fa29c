// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { VerdictGiven } from "@/domain/claims/claim";
import { claim, person, story } from "@/domain/claims/test-claims";
import type { ClaimActs } from "./use-claims";
import { VerdictPicker } from "./verdict-picker";

afterEach(cleanup);

function open(id: string) {
  const given = vi.fn<(claimId: string, verdict: VerdictGiven) => void>();
  const judge: ClaimActs["judge"] = (claimId, verdict) => {
    given(claimId, verdict);
    return Promise.resolve({ value: undefined });
  };
  const acts = { judge } as unknown as ClaimActs; // All that the picker does.
  const { unmount } = render(
    <VerdictPicker claim={claim({ id })} person={person("checker")} facts={story()} acts={acts} />,
  );
  return { given, close: unmount };
}

const button = (name: string) => screen.getByRole("button", { name });
const rationale = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Rationale" });
const write = (words: string) => fireEvent.change(rationale(), { target: { value: words } });

test("[CL2] what was typed for another verdict and left is not signed with this one", async () => {
  const { given } = open("left");
  fireEvent.click(button("False"));
  write("The list says otherwise");
  fireEvent.click(button("Cancel"));
  fireEvent.click(button("Verified"));
  await waitFor(() =>
    expect(given).toHaveBeenCalledWith("left", { verdict: "verified", words: "4,600 soldiers" }),
  );
});

test("[CL3] half a rationale is there again when the card is, and gone once it is given", async () => {
  const first = open("half");
  fireEvent.click(button("Disputed"));
  write("Two sources");
  first.close();
  const again = open("half");
  expect(rationale().value).toBe("Two sources");
  // The card comes back by a caret in the text: the keyboard stays there.
  expect(document.activeElement).not.toBe(rationale());
  write("Two sources disagree");
  fireEvent.click(button("Give verdict: Disputed"));
  const words = { words: "4,600 soldiers", rationale: "Two sources disagree" };
  await waitFor(() => expect(again.given).toHaveBeenCalledWith("half", { verdict: "disputed", ...words }));
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  again.close();
  open("half");
  expect(screen.queryByRole("textbox")).toBeNull();
});
