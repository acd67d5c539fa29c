import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import {
  decodeAuthorship,
  emptyAuthorship,
  encodeAuthorship,
  minuteOf,
  noteAuthor,
  noteMissingAuthors,
  type Authorship,
} from "./authorship";
import { followUpdate, startFollowing, type AuthoredText } from "./authorship-follow";
import { authoredSpans, whoWrote, writtenText } from "./authorship-words";
import { readContent } from "./content";
import { fieldText } from "./plain-text";
import type { WordsChanged } from "./words-changed";
import { replaceContent } from "./write-content";

/** A story that people write in turn, straight into its document, and whose log is followed. */
class Desk {
  readonly doc = new Y.Doc();
  readonly authored: AuthoredText = startFollowing(emptyAuthorship());
  minute = 1000;

  get body(): Y.XmlFragment {
    return this.doc.getXmlFragment("body");
  }
  text(block: number): Y.XmlText {
    return (this.body.get(block) as Y.XmlElement).get(0) as Y.XmlText;
  }

  /** One update by this person: everything that is done in it. Gives the words it wrote and took away. */
  by(personId: string | null, write: () => void): WordsChanged {
    this.doc.clientID = clientOf(personId);
    const before = Y.encodeStateVector(this.doc);
    let update: Uint8Array | undefined;
    this.doc.once("update", (bytes: Uint8Array) => (update = bytes));
    this.doc.transact(write);
    const { words } = followUpdate(this.authored, {
      personId,
      at: new Date(60_000 * (this.minute += 1)),
      update: update ?? Y.encodeStateAsUpdate(this.doc, before),
    });
    return words;
  }

  paragraph(at: number, words: string, name = "paragraph"): void {
    const element = new Y.XmlElement(name);
    element.insert(0, [new Y.XmlText(words)]);
    this.body.insert(at, [element]);
  }

  /** Who wrote what of the body: `ana:Four thousand|ben:troops`. */
  authors(): string {
    const field = fieldText(this.authored.doc.getXmlFragment("body"));
    return authoredSpans(field, this.authored.authorship, { start: 0, end: field.text.length })
      .map(({ start, end, by }) => `${by ?? "nobody"}:${field.text.slice(start, end)}`)
      .join("|");
  }
}

const clients: (string | null)[] = [];
/** One client id a person. */
function clientOf(personId: string | null): number {
  if (!clients.includes(personId)) clients.push(personId);
  return 100 + clients.indexOf(personId);
}

function deskWith(words: string): Desk {
  const desk = new Desk();
  desk.by("ana", () => desk.paragraph(0, words));
  return desk;
}

describe("[BO8] words keep their author", () => {
  test("when a colleague types between them, and the colleague's are the colleague's", () => {
    const desk = deskWith("Four troops arrived.");
    desk.by("ben", () => desk.text(0).insert(5, "thousand "));
    expect(desk.authors()).toBe("ana:Four |ben:thousand |ana:troops arrived.");
  });

  test("when a block is split and joined by somebody else", () => {
    const desk = deskWith("Four troops arrived in Peja.");
    desk.by("ben", () => {
      desk.text(0).delete(5, 23);
      desk.paragraph(1, "troops arrived in Peja.");
    });
    expect(desk.authors()).toBe("ana:Four |ana:troops arrived in Peja.");
    desk.by("ben", () => {
      desk.body.delete(1, 1);
      desk.text(0).insert(5, "troops arrived in Peja.");
    });
    expect(desk.authors()).toBe("ana:Four troops arrived in Peja.");
  });

  test("when they become a heading, and the words changed on the way are the typist's", () => {
    const desk = deskWith("Four thousand troops arrived in Peja.");
    desk.by("ben", () => {
      desk.body.delete(0, 1);
      desk.paragraph(0, "Five thousand troops arrived in Peja.", "heading");
    });
    expect(desk.authors()).toBe("ben:Five|ana: thousand troops arrived in Peja.");
  });

  test("when they are cut and pasted; pasted twice, the second time they are the typist's", () => {
    const desk = deskWith("Four thousand troops arrived in Peja.");
    desk.by("ben", () => desk.text(0).delete(0, 14));
    desk.by("ben", () => desk.text(0).insert(0, "Four thousand "));
    expect(desk.authors()).toBe("ana:Four thousand troops arrived in Peja.");
    desk.by("ben", () => desk.paragraph(1, "Four thousand "));
    expect(desk.authors()).toMatch(/\|ben:Four thousand $/);
  });

  test("when they are copied, the copy is the typist's", () => {
    const desk = deskWith("Four thousand troops arrived in Peja.");
    desk.by("ben", () => desk.paragraph(1, "Four thousand troops"));
    expect(desk.authors()).toBe("ana:Four thousand troops arrived in Peja.|ben:Four thousand troops");
  });

  test("when they are taken away letter by letter and brought back by undo, also a single one", () => {
    const desk = deskWith("Four troops");
    const undo = new Y.UndoManager(desk.body, { captureTimeout: 0, trackedOrigins: new Set(["ben"]) });
    desk.doc.clientID = 77;
    const asBen = (act: () => void) => {
      const updates: Uint8Array[] = [];
      const hear = (bytes: Uint8Array) => updates.push(bytes);
      desk.doc.on("update", hear);
      act();
      desk.doc.off("update", hear);
      for (const update of updates)
        followUpdate(desk.authored, { personId: "ben", at: new Date(60_000 * (desk.minute += 1)), update });
    };
    const letters = (count: number) => {
      const text = desk.text(0);
      for (let n = 0; n < count; n += 1)
        asBen(() => desk.doc.transact(() => text.delete(text.length - 1, 1), "ben"));
    };
    const back = () => asBen(() => undo.undo());
    letters(6);
    expect(desk.authors()).toBe("ana:Four ");
    back();
    expect(desk.authors()).toBe("ana:Four t");
    for (let n = 0; n < 5; n += 1) back();
    expect(desk.authors()).toBe("ana:Four troops");
    letters(1);
    back();
    expect(desk.authors()).toBe("ana:Four troops");
  });

  test("but retyped letter by letter they are the typist's", () => {
    const desk = deskWith("Four troops");
    desk.by("ben", () => desk.text(0).delete(5, 6));
    for (const [n, letter] of Array.from("troops").entries())
      desk.by("ben", () => desk.text(0).insert(5 + n, letter));
    const field = fieldText(desk.authored.doc.getXmlFragment("body"));
    expect(whoWrote(field, desk.authored.authorship, { start: 5, end: 11 }).map(({ by }) => by)).toEqual([
      "ben",
    ]);
  });

  test("when two people move the same block at the same time and it stands there twice", () => {
    const desk = deskWith("Four thousand troops arrived in Peja.");
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(desk.doc));
    const before = Y.encodeStateVector(other);
    other.clientID = 99;
    other.transact(() => {
      const body = other.getXmlFragment("body");
      body.delete(0, 1);
      const heading = new Y.XmlElement("heading");
      heading.insert(0, [new Y.XmlText("Four thousand troops arrived in Peja.")]);
      body.insert(0, [heading]);
    });
    desk.by("ben", () => {
      desk.body.delete(0, 1);
      desk.paragraph(0, "Four thousand troops arrived in Peja.", "heading");
    });
    const update = Y.encodeStateAsUpdate(other, before);
    followUpdate(desk.authored, { personId: "cem", at: new Date(0), update });
    expect(desk.authors()).toBe(
      "ana:Four thousand troops arrived in Peja.|ana:Four thousand troops arrived in Peja.",
    );
  });

  test("when somebody cuts what a colleague moves at the same time, and pastes it afterwards", () => {
    const desk = deskWith("Four thousand troops arrived in Peja.");
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(desk.doc));
    other.clientID = 98;
    const cut: Uint8Array[] = [];
    other.on("update", (update: Uint8Array) => cut.push(update));
    other.getXmlFragment("body").delete(0, 1);
    desk.by("ben", () => {
      desk.body.delete(0, 1);
      desk.paragraph(0, "Four thousand troops arrived in Peja.", "heading");
    });
    for (const update of cut) {
      Y.applyUpdate(desk.doc, update);
      followUpdate(desk.authored, { personId: "cem", at: new Date(0), update });
    }
    desk.by("cem", () => desk.paragraph(1, "Four thousand troops arrived in Peja."));
    expect(desk.authors()).toBe(
      "ana:Four thousand troops arrived in Peja.|ana:Four thousand troops arrived in Peja.",
    );
  });

  test("when an earlier version is restored, however long ago they were removed", () => {
    const desk = deskWith("Four troops.");
    desk.by("ben", () => desk.paragraph(1, "It rained."));
    const { doc, authorship } = desk.authored;
    const kept = writtenText((name) => fieldText(doc.getXmlFragment(name)), authorship);
    const content = readContent(doc);
    desk.by("cem", () => desk.body.delete(0, 2));
    desk.by("cem", () => desk.paragraph(0, "Nothing of it."));
    authorship.removed = [];
    const before = Y.encodeStateVector(desk.doc);
    desk.doc.clientID = 500;
    replaceContent(desk.doc, content, () => "b");
    const update = Y.encodeStateAsUpdate(desk.doc, before);
    followUpdate(desk.authored, { personId: "cem", at: new Date(0), update, restores: kept });
    expect(desk.authors()).toBe("ana:Four troops.|ben:It rained.");
  });

  test("and the server's own blocks are nobody's", () => {
    const desk = new Desk();
    desk.by(null, () => desk.paragraph(0, "Seeded."));
    expect(desk.authors()).toBe("nobody:Seeded.");
  });
});

describe("[BO8] who wrote these words", () => {
  const asked = (desk: Desk, start: number, end: number) =>
    whoWrote(fieldText(desk.authored.doc.getXmlFragment("body")), desk.authored.authorship, { start, end });

  test("a word changed by another has both; punctuation beside it has no say", () => {
    const desk = deskWith("About 4,600 troops");
    desk.by("ben", () => desk.text(0).insert(6, "1"));
    desk.by("cem", () => desk.text(0).insert(19, "."));
    expect(asked(desk, 6, 12)).toEqual([
      { by: "ben", minute: 1002, words: ["14,600"] },
      { by: "ana", minute: 1001, words: ["14,600"] },
    ]);
    expect(asked(desk, 13, 20).map(({ by, words }) => [by, words])).toEqual([["ana", ["troops."]]]);
  });

  test("half a word selected is the word; each author's words are told in stretches", () => {
    const desk = deskWith("Four troops arrived.");
    desk.by("ben", () => desk.text(0).insert(5, "thousand "));
    desk.by("ben", () => desk.paragraph(1, "It rained."));
    expect(asked(desk, 2, 35).map(({ by, words }) => [by, words])).toEqual([
      ["ana", ["Four", "troops arrived."]],
      ["ben", ["thousand", "It rained."]],
    ]);
    expect(asked(desk, 6, 7).map(({ words }) => words)).toEqual([["thousand"]]);
    expect(asked(desk, 4, 4)).toEqual([]);
  });
});

describe("[RE1] how many words were written and taken away", () => {
  /** All of these edits together, by one person. */
  const changed = (desk: Desk, ...edits: (() => void)[]) => {
    const counts = edits.map((write) => desk.by("ben", write));
    const sum = (of: (one: WordsChanged) => number) => counts.reduce((total, one) => total + of(one), 0);
    return [sum(({ written }) => written), sum(({ removed }) => removed)];
  };
  const typed = (desk: Desk, at: number, words: string) =>
    Array.from(words).map((letter, n) => () => desk.text(0).insert(at + n, letter));

  test("typed and removed letter by letter they are words all the same", () => {
    const desk = deskWith("Four troops");
    expect(changed(desk, ...typed(desk, 11, " arrived in Peja."))).toEqual([3, 0]);
    const back = Array.from({ length: 9 }, () => () => desk.text(0).delete(desk.text(0).length - 1, 1));
    expect(changed(desk, ...back)).toEqual([0, 2]);
    const ahead = Array.from({ length: 5 }, () => () => desk.text(0).delete(0, 1));
    expect(changed(desk, ...ahead)).toEqual([0, 1]);
    expect(desk.text(0).toJSON()).toBe("troops arrived");
  });

  test("a word that is changed is none, a word put in another's place is both", () => {
    const desk = deskWith("About 4,600 troops.");
    expect(changed(desk, () => desk.text(0).insert(6, "1"))).toEqual([0, 0]);
    expect(changed(desk, () => desk.text(0).delete(6, 1))).toEqual([0, 0]);
    const replaced = () => {
      desk.text(0).delete(0, 5);
      desk.text(0).insert(0, "Some");
    };
    expect(changed(desk, replaced)).toEqual([1, 1]);
  });

  test("words that are moved, split, put back or restored are neither", () => {
    const desk = deskWith("Four troops arrived in Peja.");
    const split = () => {
      desk.text(0).delete(5, 23);
      desk.paragraph(1, "troops arrived in Peja.");
    };
    const heading = () => {
      desk.body.delete(1, 1);
      desk.paragraph(1, "troops arrived in Peja.", "heading");
    };
    expect(changed(desk, split)).toEqual([0, 0]);
    expect(changed(desk, heading)).toEqual([0, 0]);
    expect(changed(desk, () => desk.body.delete(1, 1))).toEqual([0, 4]);
    expect(changed(desk, () => desk.paragraph(1, "troops arrived in Peja."))).toEqual([0, 0]);
  });
});

describe("[BO7] authorship beside the log", () => {
  const stretches = (authorship: Authorship) => [...authorship.written.values()].flat();

  test("is the same read back from its bytes, and goes on as before", () => {
    const desk = deskWith("Four thousand troops arrived in Peja.");
    desk.by("ben", () => desk.text(0).delete(0, 14));
    const bytes = encodeAuthorship(desk.authored.authorship);
    expect(decodeAuthorship(bytes)).toEqual(desk.authored.authorship);
    expect(() => decodeAuthorship(new Uint8Array([9]))).toThrow("unknown form");
  });

  test("of 20,000 words that five people typed in an hour each stays under 40 KB", () => {
    const authorship = emptyAuthorship();
    for (let letter = 0; letter < 120_000; letter += 1) {
      const client = 1_000_000 + (letter % 5);
      // Each minute some of the letters go elsewhere: a colleague's words moved.
      const by = letter % 97 === 0 ? "somebody-else" : `person-with-an-id-${String(letter % 5)}`;
      noteAuthor(
        authorship,
        { client, clock: Math.floor(letter / 5), length: 1 },
        { by, minute: minuteOf(new Date(1.8e12 + letter * 30)) },
      );
    }
    expect(stretches(authorship).length).toBeLessThan(4000);
    expect(encodeAuthorship(authorship).byteLength).toBeLessThan(40_000);
  });

  test("names who owns a client id where nothing else is known", () => {
    const authorship = emptyAuthorship();
    noteAuthor(authorship, { client: 1, clock: 5, length: 5 }, { by: "ben", minute: 2 });
    noteMissingAuthors(authorship, 1, 20, { by: "ana", minute: 1 });
    expect(stretches(authorship)).toEqual([
      { clock: 0, length: 5, by: "ana", minute: 1 },
      { clock: 5, length: 5, by: "ben", minute: 2 },
      { clock: 10, length: 10, by: "ana", minute: 1 },
    ]);
  });
});
