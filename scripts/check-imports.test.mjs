/** Planted breaches: each rule of check-imports.mjs is seen to fail. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { importBreaches } from "./check-imports.mjs";

let root;
function house(files) {
  root = mkdtempSync(join(tmpdir(), "linecheck-imports-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return importBreaches(root);
}
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("[I1] a house in order has no breaches", () => {
  expect(
    house({
      "domain/people/person.ts": `import { z } from "zod"; export type Person = z.infer<typeof z.string>;`,
      "domain/claims/claim.ts": `import type { Person } from "../people/person"; export type Claim = { by: Person };`,
      "server/claims/claim-routes.ts": `import type { Claim } from "@/domain/claims/claim"; export const c: Claim[] = [];`,
    }),
  ).toEqual([]);
});

test.each([
  ["the screen reaches into the server", "components/claims/card.tsx", "@/server/claims/claim-store"],
  ["a page takes a type from the server", "app/page.tsx", "@/server/claims/claim-store"],
  ["the server shows a component", "server/claims/show.ts", "@/components/claims/button"],
  ["a rule reads a file", "domain/claims/rule.ts", "node:fs"],
  ["a rule asks the store", "domain/claims/rule.ts", "@/server/claims/claim-store"],
  ["an operation renders React", "server/claims/show.ts", "react"],
])("[I1] found: %s", (_what, path, from) => {
  const breaches = house({
    "server/claims/claim-store.ts": "export type Row = { id: string };",
    "components/claims/button.tsx": "export type Button = string;",
    [path]: `import type * as other from "${from}"; export type Other = typeof other;`,
  });
  expect(breaches).toHaveLength(1);
  expect(breaches[0]).toContain("[I1]");
});

test("[I2] people may not know claims, not even a type, not even loaded later", () => {
  const breaches = house({
    "domain/claims/claim.ts": "export type Claim = string;",
    "domain/people/person.ts": `import type { Claim } from "../claims/claim"; export type P = Claim;`,
    "server/claims/judge.ts": "export const judge = 1;",
    "server/people/invite.ts": `export const later = () => import("../claims/judge");`,
  });
  expect(breaches.filter((breach) => breach.includes("[I2]"))).toHaveLength(2);
});

test("[I3] another capability's tables and store are its own, but a foreign key may name a table", () => {
  const breaches = house({
    "server/people/people-tables.ts": "export const people = 1;",
    "server/people/people-store.ts": "export const nameOf = 1;",
    "server/claims/claim-tables.ts": `import { people } from "../people/people-tables"; export const claims = people;`,
    "server/claims/mark.ts": `import { people } from "../people/people-tables"; import { nameOf } from "../people/people-store"; export const m = [people, nameOf];`,
  });
  expect(breaches.map((breach) => breach.split(" (")[0])).toEqual([
    "server/claims/mark.ts:1: [I3] the tables of people are its own",
    "server/claims/mark.ts:1: [I3] the store of people is its own",
  ]);
});

test("[I4] a ring of imports is named", () => {
  const breaches = house({
    "domain/body/a.ts": `import { b } from "./b"; export const a = () => b;`,
    "domain/body/b.ts": `import { c } from "./c"; export const b = () => c;`,
    "domain/body/c.ts": `import { a } from "./a"; export const c = () => a;`,
  });
  expect(breaches).toEqual(["[I4] import cycle: domain/body/a.ts ↔ domain/body/b.ts ↔ domain/body/c.ts"]);
});

test("[I5] barrels and technique folders are found", () => {
  const breaches = house({
    "server/utils/dates.ts": "export const d = 1;",
    "domain/claims/index.ts": "export const x = 1;",
  });
  expect(breaches).toHaveLength(2);
});

test("[I6] a rule that reads the clock, throws dice or waits is found, one given the instant is not", () => {
  const breaches = house({
    "domain/claims/clock.ts": "export const at = () => new Date();\nexport const now = Date.now;",
    "domain/claims/dice.ts": "export const dice = () => Math.random();",
    "domain/claims/wait.ts": "export const wait = async () => 1;",
    "domain/claims/pure.ts":
      "/** async, await and Date.now are words here. */\nexport const year = (at: string) => new Date(at).getUTCFullYear();",
  });
  expect(breaches.map((breach) => breach.split(" ")[1])).toEqual(["[I6]", "[I6]", "[I6]", "[I6]"]);
});
