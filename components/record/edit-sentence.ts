/** Edits of a text in words: what stands after the names of those who wrote. */
import type { RecordLine } from "@/domain/record/act";
import { numbersFromText, RecordedEdits, UnrecordedEdits } from "@/domain/record/edits";

/** Recorded edits, with the row that they stand in. */
export type EditLine = { readonly line: RecordLine; readonly edits: RecordedEdits };

/** Null for every other act. */
export function editLine(line: RecordLine): EditLine | null {
  const edits = line.act === "text-edited" ? RecordedEdits.safeParse(line.detail).data : undefined;
  return edits ? { line, edits } : null;
}

const counted = (n: number, what: string) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/**
 * For example: `wrote 214 words, took away 12 · changes 12–40`. Of several together: how many changes, and in how many
 * stories.
 */
export function editSentence(lines: readonly EditLine[]): string {
  const [only] = lines;
  const changes =
    only && lines.length === 1
      ? changesIn(only.edits)
      : counted(sum(lines.map(({ edits }) => edits.updates)), "change");
  const stories = new Set(lines.map(({ line }) => line.storyId)).size;
  const where = stories > 1 ? ` in ${String(stories)} stories` : "";
  return `${whatTheyDid(lines)}${where} · ${changes}`;
}

function whatTheyDid(lines: readonly EditLine[]): string {
  if (lines.every(({ line }) => line.personId === null)) return "tidied the text";
  const isCounted = lines.every(({ edits }) => edits.wordsWritten !== undefined);
  if (!isCounted) return "wrote in the text";
  const written = sum(lines.map(({ edits }) => edits.wordsWritten ?? 0));
  const removed = sum(lines.map(({ edits }) => edits.wordsRemoved ?? 0));
  if (written > 0 && removed > 0)
    return `wrote ${counted(written, "word")}, took away ${removed.toLocaleString("en")}`;
  if (written > 0) return `wrote ${counted(written, "word")}`;
  return removed > 0 ? `took away ${counted(removed, "word")}` : "changed the text";
}

/** For example: `has no record of who made changes 1–90, which were merged before`. */
export function unrecordedSentence({ detail }: Pick<RecordLine, "detail">): string | null {
  const unrecorded = UnrecordedEdits.safeParse(detail).data;
  return unrecorded
    ? `has no record of who made ${changesIn(unrecorded)}: they are older than the record of edits`
    : null;
}

const mostNamed = 3;

function changesIn({ numbers, updates, first, last }: UnrecordedEdits): string {
  const stretches = numbersFromText(numbers) ?? [];
  const between = `between ${first.toLocaleString("en")} and ${last.toLocaleString("en")}`;
  if (stretches.length === 0 || stretches.length > mostNamed)
    return `${counted(updates, "change")} ${between}`;
  const named = stretches.map(({ from, to }) =>
    from === to ? from.toLocaleString("en") : `${from.toLocaleString("en")}–${to.toLocaleString("en")}`,
  );
  return `${updates === 1 ? "change" : "changes"} ${named.join(", ")}`;
}

/** Edits that follow one another, as one entry; every other act by itself. */
export function entriesOf(lines: readonly RecordLine[]): readonly (RecordLine | readonly EditLine[])[] {
  const entries: (RecordLine | EditLine[])[] = [];
  for (const line of lines) {
    const edit = editLine(line);
    const last = entries.at(-1);
    if (!edit) entries.push(line);
    else if (Array.isArray(last)) last.push(edit);
    else entries.push([edit]);
  }
  return entries;
}
