import * as Y from "yjs";
import { describe, expect, test } from "vitest";
import { isRefused } from "../refusal";
import { type Anchor, healAnchors, placeAnchor, type Selection } from "./anchor";
import { fieldText, positionAt } from "./plain-text";

/** A body of paragraphs that can be edited by words. */
function story(...paragraphs: string[]) {
  const doc = new Y.Doc();
  const body = doc.getXmlFragment("body");
  const paragraph = (text: string, id: string) => {
    const element = new Y.XmlElement("paragraph");
    element.setAttribute("id", id);
    const words = new Y.XmlText();
    words.insert(0, text);
    element.insert(0, [words]);
    return element;
  };
  body.insert(
    0,
    paragraphs.map((text, index) => paragraph(text, `b${String(index)}`)),
  );
  const textAt = (block: number): Y.XmlText => {
    const element = body.get(block);
    const text = element instanceof Y.XmlElement ? element.get(0) : null;
    if (!(text instanceof Y.XmlText)) throw new Error(`no block ${String(block)}`);
    return text;
  };
  return {
    body,
    field: () => fieldText(body),
    /** Replaces these words by others, as typing over a selection does. */
    type: (block: number, words: string, others: string) => {
      const text = textAt(block);
      const at = fieldText(body).text.indexOf(words) - (fieldText(body).blocks[block]?.start ?? 0);
      text.delete(at, words.length);
      text.insert(at, others);
    },
    insert: (block: number, at: number, letters: string) => textAt(block).insert(at, letters),
    addParagraph: (index: number, text: string, id: string) => body.insert(index, [paragraph(text, id)]),
    removeParagraph: (index: number) => body.delete(index, 1),
  };
}

function placed(from: ReturnType<typeof story>, selected: Selection | string): Anchor {
  const anchor = placeAnchor(from.field(), typeof selected === "string" ? { quote: selected } : selected);
  if (isRefused(anchor)) throw new Error(anchor.refused);
  return anchor;
}

function heal(from: ReturnType<typeof story>, anchor: Anchor): Anchor {
  const field = from.field();
  const [healed] = healAnchors(field, [anchor]);
  if (healed === undefined) throw new Error("no anchor");
  expect(healAnchors(fieldText(from.body), [healed])[0]).toBe(healed);
  if (healed.start !== null) expect(field.text.slice(healed.start, healed.end ?? 0)).toBe(healed.words);
  return healed;
}

const soldiers = "KFOR has about 4,600 troops from 27 nations. They left.";

describe("placing", () => {
  test("[AN1] by words that stand there once", () => {
    const anchor = placed(story("Before.", soldiers), "4,600 troops");
    expect(anchor).toMatchObject({
      state: "anchored",
      start: 24,
      end: 36,
      words: "4,600 troops",
      blockId: "b1",
    });
    expect(anchor.sentence).toBe("KFOR has about 4,600 troops from 27 nations.");
  });

  test("[AN1] typography in the quote does not matter", () => {
    expect(placed(story("He said “we will stay” there."), '"we  will stay"').words).toBe("“we will stay”");
  });

  test("[AN3] words are widened to token borders, whole tokens come first", () => {
    expect(placed(story("About 4,600 of them"), "600 of").words).toBe("4,600 of");
    expect(placed(story("In 2012 there were 12."), "12").start).toBe(19);
  });

  test("[AN1] a quote over two blocks", () => {
    expect(placed(story("It ended.", "They left."), "ended.\n\nThey").words).toBe("ended.\n\nThey");
  });

  const refusals: readonly (readonly [string, Selection])[] = [
    ["quote-not-found", { quote: "5,000" }],
    ["quote-not-found", { quote: "4,600", prefix: "exactly " }],
    ["quote-ambiguous", { quote: "troops" }],
    ["no-words", { quote: "…" }],
    ["no-words", { quote: "  " }],
  ];
  test.each(refusals)("[CL1] refused, %s: %j", (refused, selected) => {
    expect(placeAnchor(story(soldiers, "More troops.").field(), selected)).toEqual({ refused });
  });

  test("[AN2] the context tells copies apart", () => {
    const two = story("The troops came.", "The troops left.");
    expect(placed(two, { quote: "troops", suffix: " left" }).start).toBe(22);
    expect(placed(two, { quote: "troops", prefix: "came.\n\nThe " }).start).toBe(22);
    expect(placeAnchor(two.field(), { quote: "troops", prefix: "The " })).toEqual({
      refused: "quote-ambiguous",
    });
  });

  test("[CL1] positions must enclose exactly the quote", () => {
    const two = story("The troops came.", "The troops left.");
    const at = (start: number, end: number) => ({
      relStart: positionAt(two.field(), start, "start") ?? undefined,
      relEnd: positionAt(two.field(), end, "end") ?? undefined,
    });
    expect(placed(two, { quote: "troops", ...at(22, 28) }).start).toBe(22);
    expect(placeAnchor(two.field(), { quote: "troops", ...at(22, 27) })).toEqual({
      refused: "quote-not-found",
    });
    const foreign = { relStart: new Uint8Array([9, 9]), relEnd: new Uint8Array([9, 9]) };
    expect(placeAnchor(two.field(), { quote: "troops", ...foreign })).toEqual({ refused: "quote-not-found" });
  });
});

describe("healing", () => {
  test("[AN4] an anchor that nothing happened to is the same object", () => {
    const here = story(soldiers);
    const anchor = placed(here, "4,600");
    expect(healAnchors(here.field(), [anchor])[0]).toBe(anchor);
  });

  const edges: readonly (readonly [string, number, string])[] = [
    ["14,600", 15, "1"],
    ["4,6000", 20, "0"],
    ["-4,600", 15, "-"],
    ["4,600 %", 20, " %"],
    ["€4,600", 15, "€"],
    ["4,600s", 20, "s"],
    ["4,600.5", 20, ".5"],
  ];
  test.each(edges)("[AN3] typing at its edge has changed it: %s", (words, at, letters) => {
    const here = story(soldiers);
    const anchor = placed(here, "4,600");
    here.insert(0, at, letters);
    const changed = heal(here, anchor);
    expect(changed).toMatchObject({ state: "changed", words, quote: "4,600" });
    here.type(0, words, "4,600");
    expect(heal(here, changed)).toMatchObject({ state: "anchored", words: "4,600" });
  });

  test("[AN1] words typed beside it leave it alone", () => {
    const here = story(soldiers);
    const anchor = placed(here, "4,600");
    here.insert(0, 21, "armed ");
    here.insert(0, 15, "some ");
    here.addParagraph(0, "A new first paragraph.", "n");
    expect(heal(here, anchor)).toMatchObject({ state: "anchored", words: "4,600", start: 44 });
  });

  test.each(["7,000", "seven thousand", "many"])(
    "[AN1] other words typed over it stand in its place: %s",
    (others) => {
      const here = story(soldiers);
      const anchor = placed(here, "4,600");
      here.type(0, "4,600", others);
      expect(heal(here, anchor)).toMatchObject({ state: "changed", words: others });
    },
  );

  test("[AN1] deleted words are orphaned with the words kept, and what is typed there later has its place", () => {
    const here = story(soldiers);
    const anchor = placed(here, "4,600");
    here.type(0, "4,600 ", "");
    const gone = heal(here, anchor);
    expect(gone).toMatchObject({ state: "orphaned", start: null, end: null, words: "4,600" });
    here.insert(0, 15, "7,000 ");
    expect(heal(here, gone)).toMatchObject({ state: "changed", words: "7,000" });
    here.type(0, "7,000", "4,600");
    expect(heal(here, gone)).toMatchObject({ state: "anchored", words: "4,600" });
  });

  test("[AN1] a block cut and pasted elsewhere takes its words along", () => {
    const here = story(soldiers, "Another paragraph.", "The last one.");
    const anchor = placed(here, "4,600");
    here.removeParagraph(0);
    const gone = heal(here, anchor);
    expect(gone.state).toBe("orphaned");
    here.addParagraph(2, soldiers, "new");
    expect(heal(here, gone)).toMatchObject({ state: "moved", words: "4,600", blockId: "new" });
  });

  test("[AN1] `moved` stays so until words are chosen anew", () => {
    const here = story("Another paragraph.", soldiers);
    const anchor = placed(here, "4,600");
    here.removeParagraph(1);
    here.addParagraph(0, soldiers, "new");
    const moved = heal(here, anchor);
    expect(moved.state).toBe("moved");
    here.insert(1, 0, "X ");
    expect(heal(here, moved).state).toBe("moved");
  });

  test("[AN2] copies that stood there before are no evidence", () => {
    const here = story("Some 30 died.", "Later 30 more died.");
    const anchor = placed(here, { quote: "30", suffix: " died" });
    here.removeParagraph(0);
    expect(heal(here, anchor).state).toBe("orphaned");
  });

  test("[AN2] two equally good places are no place", () => {
    const here = story("Middle.", soldiers);
    const anchor = placed(here, "4,600");
    here.removeParagraph(1);
    here.addParagraph(1, soldiers, "one");
    here.addParagraph(2, soldiers, "two");
    expect(heal(here, anchor)).toMatchObject({ state: "orphaned", start: null });
  });

  test("[AN1] a sentence rewritten elsewhere, its neighbours kept, is changed", () => {
    const here = story("First.", "KFOR has about 4,600 troops from 27 nations in Kosovo, they say.", "Last.");
    const anchor = placed(here, "4,600 troops from 27 nations");
    here.removeParagraph(1);
    here.addParagraph(1, "KFOR has about 4,500 troops from 27 nations in Kosovo, they say.", "new");
    expect(heal(here, anchor)).toMatchObject({ state: "changed", words: "4,500 troops from 27 nations" });
  });

  test("[FR4] the checked words back, by whatever hand, are anchored again", () => {
    const here = story(soldiers);
    const anchor = placed(here, "about 4,600 troops");
    here.type(0, "4,600", "5,200");
    const changed = heal(here, anchor);
    expect(changed).toMatchObject({ state: "changed", words: "about 5,200 troops" });
    here.type(0, "5,200", "4,600");
    expect(heal(here, changed)).toMatchObject({ state: "anchored", words: "about 4,600 troops" });
  });

  test("[AN4] what stands around it is kept in whole characters", () => {
    const smiles = "\u{1F600}".repeat(40);
    const here = story(`${smiles} 4,600 ${smiles}`);
    const anchor = placed(here, "4,600");
    expect([anchor.prefix, anchor.suffix]).toEqual([`${smiles.slice(-62)} `, ` ${smiles.slice(0, 62)}`]);
    expect(heal(here, anchor)).toBe(anchor);
  });

  test("[AN4] 2,000 anchors over 20,000 words heal at once", () => {
    const paragraphs = Array.from(
      { length: 500 },
      (_, n) =>
        `In week ${String(n)} the mission counted ${String(n * 37 + 11)} patrols near town ${String(n * 13)} and, as its commander number ${String(n)} said, ` +
        `at least ${String(n * 3 + 2)} people crossed the bridge; report ${String(n)} names them all, one by one, with age and village.`,
    );
    const here = story(...paragraphs);
    const field = here.field();
    expect(field.text.split(/\s+/).length).toBeGreaterThan(17_000);
    const anchors = paragraphs.flatMap((text, n) => {
      const start = field.blocks[n]?.start ?? 0;
      return [
        `counted ${String(n * 37 + 11)} patrols`,
        `town ${String(n * 13)}`,
        `${String(n * 3 + 2)} people`,
        `report ${String(n)}`,
      ].flatMap((quote) => {
        const at = start + text.indexOf(quote);
        const relStart = positionAt(field, at, "start") ?? undefined;
        const relEnd = positionAt(field, at + quote.length, "end") ?? undefined;
        const anchor = placeAnchor(field, { quote, relStart, relEnd });
        return isRefused(anchor) ? [] : [anchor];
      });
    });
    here.insert(3, 0, "Now ");
    expect(anchors).toHaveLength(2_000);
    const healed = healAnchors(here.field(), anchors);
    expect(healed.every((anchor) => anchor.state === "anchored")).toBe(true);
  });
});
