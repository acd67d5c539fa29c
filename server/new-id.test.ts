import { expect, test } from "vitest";
import { newRandomId } from "./new-id";

test("ids are sixteen letters fit for an address, and no two alike", () => {
  const ids = Array.from({ length: 2_000 }, newRandomId);
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/);
});
