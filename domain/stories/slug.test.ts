import { expect, test } from "vitest";
import { freeSlug, slugOf } from "./slug";
import { Slug } from "./story";

test("[WF5] the slug is made from the headline, letters of our languages spelled out", () => {
  expect(slugOf("NATO's Chief Visits Pristina")).toBe("natos-chief-visits-pristina");
  expect(slugOf("Größere Übung im Süden")).toBe("groessere-uebung-im-sueden");
  expect(slugOf("Đoković: „Još četiri žene u Šapcu”")).toBe("djokovic-jos-cetiri-zene-u-sapcu");
  expect(slugOf("Командант КФОР-а у Приштини: љубав, њива, џеп")).toBe(
    "komandant-kfor-a-u-pristini-ljubav-njiva-dzep",
  );
  expect(slugOf("Shqipëria dhe çështja e veriut")).toBe("shqiperia-dhe-ceshtja-e-veriut");
});

test("[WF5] a figure keeps its digits together", () => {
  expect(slugOf("4,600 troops, 1.250 vehicles, 4.5 percent")).toBe("4600-troops-1250-vehicles-4-5-percent");
});

test("[WF5] a headline without letters gives a slug all the same", () => {
  expect(slugOf("")).toBe("story");
  expect(slugOf("…!?")).toBe("story");
  expect(slugOf("北约")).toBe("story");
});

test("[WF5] whatever the headline, the slug is of the form of slugs", () => {
  for (const headline of ["x".repeat(300), "word ".repeat(60), "<script>alert(1)</script>", "-- a --"]) {
    expect(Slug.safeParse(slugOf(headline)).success, headline).toBe(true);
  }
});

test("[WF5] a long headline is cut between words, with room for a number", () => {
  const slug = slugOf("word ".repeat(60));
  expect(slug.length).toBeLessThanOrEqual(80);
  expect(slug.endsWith("word")).toBe(true);
});

test("[WF5] a taken slug gets the first free number", () => {
  expect(freeSlug("a", new Set())).toBe("a");
  expect(freeSlug("a", new Set(["a", "a-2"]))).toBe("a-3");
});
