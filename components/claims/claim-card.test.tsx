// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Claim } from "@/domain/claims/claim";
import { claim, person, story } from "@/domain/claims/test-claims";
import { ClaimCard } from "./claim-card";
import type { ClaimActs } from "./use-claims";

afterEach(cleanup);

function show(given: Partial<Claim>): void {
  render(
    <ClaimCard
      claim={claim(given)}
      active={false}
      person={person("checker")}
      facts={story()}
      colleagues={[]}
      acts={{} as ClaimActs} // A closed card does nothing.
      onActivate={() => {}}
      onLeave={() => {}}
      onFindInText={() => {}}
    />,
  );
}

const reading = (words: string) => ({ anchor: { ...claim().anchor, words } });

test("a claim is an article named by its quote, and by the words now where they are others", () => {
  show({ id: "same" });
  show({ id: "changed", ...reading("14,600 soldiers") });
  expect(screen.getAllByRole("article").map((card) => card.getAttribute("aria-label"))).toEqual([
    "4,600 soldiers",
    "4,600 soldiers, now 14,600 soldiers",
  ]);
});

test("[FR1] typography alone gives it no second name", () => {
  show(reading("4,600\u00A0soldiers"));
  expect(screen.getByRole("article").getAttribute("aria-label")).toBe("4,600\u00A0soldiers");
});
