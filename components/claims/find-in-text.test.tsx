// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { claim, person, story } from "@/domain/claims/test-claims";
import { FindInText } from "./find-in-text";
import type { ClaimsDesk } from "./use-claims-desk";

afterEach(cleanup);

/** A checker's desk on which this claim is being put on other words. */
function finding(id: string | null): ClaimsDesk {
  const words = { field: "body", quote: "other words" } as const;
  const desk = {
    person: person("checker"),
    facts: story(),
    acts: {},
    finding: id === null ? null : { claim: claim({ id }), words },
    stopFinding: () => {},
    open: () => {},
  };
  return desk as unknown as ClaimsDesk; // All that the question asks of a desk.
}

const reason = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Reason" });

test("[CL5] the reason given for one claim is not put under the next", () => {
  const { rerender } = render(<FindInText desk={finding("one")} />);
  fireEvent.change(reason(), { target: { value: "Said differently in the transcript" } });
  rerender(<FindInText desk={finding(null)} />);
  rerender(<FindInText desk={finding("two")} />);
  expect(reason().value).toBe("");
});
