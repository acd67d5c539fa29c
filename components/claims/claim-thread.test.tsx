// @vitest-environment happy-dom
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { claim } from "@/domain/claims/test-claims";
import { ClaimThread } from "./claim-thread";
import type { ClaimActs } from "./use-claims";

afterEach(cleanup);

const by = { id: "checker", name: "The checker" };
const at = "2026-03-02T09:00:00.000Z";
const said = (id: string, replyTo: string | null) => ({ id, text: `Said ${id}`, replyTo, by, at });

test("a reply to a reply stands under what was said first", () => {
  const thread = [said("first", null), said("second", null), said("answer", "first"), said("back", "answer")];
  const acts = {} as ClaimActs; // Nothing is sent.
  render(<ClaimThread claim={claim({ thread })} mayComment={false} acts={acts} />);
  const words = (list: Element) => [...list.querySelectorAll(":scope > li")].map((item) => item.textContent);
  const [all, underFirst] = within(screen.getByRole("region", { name: "Comments" })).getAllByRole("list");
  expect(all && words(all)).toHaveLength(2);
  expect(underFirst && words(underFirst)).toEqual([
    expect.stringContaining("Said answer"),
    expect.stringContaining("Said back"),
  ]);
});
