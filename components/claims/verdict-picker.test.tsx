// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { VerdictGiven } from "@/domain/claims/claim";
import { claim, person, story } from "@/domain/claims/test-claims";
import { expectAccessible } from "../ui/test-screen";
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

test("[PE1][BO8] who wrote some of the words is told with whom, and gives no verdict on them", async () => {
  const me = person("checker");
  const others = [
    { id: "ana", name: "Ana Berisha" },
    { id: "ben", name: "Ben Krasniqi" },
  ];
  const acts = {} as unknown as ClaimActs; // Nothing is asked of it.
  const show = (authors: readonly { id: string; name: string }[]) =>
    render(
      <VerdictPicker claim={claim({ authors: [...authors] })} person={me} facts={story()} acts={acts} />,
    );
  const alone = show([me]);
  screen.getByText("You wrote these words, so somebody else has to judge them.");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Verified" }).disabled).toBe(true);
  alone.unmount();
  const shared = show([...others, me]);
  screen.getByText(/^Ana Berisha, Ben Krasniqi and you wrote these words/);
  await expectAccessible();
  shared.unmount();
  show(others);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Verified" }).disabled).toBe(false);
});
