import { expect, test } from "vitest";
import { linkAddressFrom } from "./link-address";

test.each([
  ["https://www.nato.int/kfor", "https://www.nato.int/kfor"],
  ["nato.int", "https://nato.int"],
  [" www.osce.org/kosovo?x=1 ", "https://www.osce.org/kosovo?x=1"],
  ["nato.int:8443/a", "https://nato.int:8443/a"],
  ["desk@example.org", "mailto:desk@example.org"],
  ["mailto:desk@example.org", "mailto:desk@example.org"],
])("“%s” means %s", (typed, address) => {
  expect(linkAddressFrom(typed)).toBe(address);
});

test.each([
  "",
  "nato",
  "javascript:alert(1)",
  "data:text/html,x",
  "two words.com",
  "ftp://nato.int",
  "file:///etc",
])("“%s” is no address for a story", (typed) => {
  expect(linkAddressFrom(typed)).toBeNull();
});
