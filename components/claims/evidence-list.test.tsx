// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { claim } from "@/domain/claims/test-claims";
import { EvidenceList } from "./evidence-list";
import type { ClaimActs } from "./use-claims";

afterEach(cleanup);

function open() {
  const given = vi.fn<(claimId: string, body: unknown) => void>();
  const addEvidence: ClaimActs["addEvidence"] = (claimId, body) => {
    given(claimId, body);
    return Promise.resolve({ value: undefined });
  };
  const acts = { addEvidence } as unknown as ClaimActs; // All that the list does.
  const { unmount } = render(<EvidenceList claim={claim()} mayAdd acts={acts} />);
  return { given, close: unmount };
}

const button = (name: string) => screen.getByRole("button", { name });
const source = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Source" });

test("a source half written is there again when the card is, and gone once it is added or given up", async () => {
  const first = open();
  fireEvent.click(button("Add source"));
  expect(document.activeElement).toBe(source());
  fireEvent.change(source(), { target: { value: "Mission fact sheet" } });
  first.close();

  const again = open();
  expect(source().value).toBe("Mission fact sheet");
  expect(document.activeElement).not.toBe(source());
  fireEvent.click(button("Save source"));
  const body = { source: { type: "document", name: "Mission fact sheet" }, relation: "supports" };
  await waitFor(() => expect(again.given).toHaveBeenCalledWith("claim", body));
  await waitFor(() => expect(screen.queryByRole("form")).toBeNull());
  fireEvent.click(button("Add source"));
  fireEvent.change(source(), { target: { value: "Nothing" } });
  fireEvent.click(button("Cancel"));
  again.close();

  open();
  expect(screen.queryByRole("form")).toBeNull();
});
