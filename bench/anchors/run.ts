/**
 * Where claims stand after two people and a server edited the story: 25 claims, 30 operations, 40 runs, repeated with
 * other seeds. Shares of the claims whose words still stand somewhere; median and spread over the repeats.
 */
import * as Y from "yjs";
import { healAnchors, placeAnchor } from "@/domain/body/anchor";
import { fieldText } from "@/domain/body/plain-text";
import { type Mix, runEditing } from "@/domain/body/test-editing-peers";
import { isRefused } from "@/domain/refusal";

const repeats = Number(process.argv[2] ?? 5);
const runs = 40;
const mixes: readonly (readonly [Mix, string])[] = [
  ["mixed", "mixed editing"],
  ["restored", "then an old version restored"],
  ["duplicated", "30 % duplicated sentences"],
  ["dragged", "blocks dragged, duplicates"],
];

type Share = "right" | "wrong" | "lost" | "atCopies";
const shares: readonly Share[] = ["right", "wrong", "lost", "atCopies"];

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return `${at(0.5).toFixed(1)} (${at(0).toFixed(1)}–${at(1).toFixed(1)})`;
}

console.log(
  `25 claims, 30 operations, ${String(runs)} runs, ${String(repeats)} repeats; median (lowest–highest)`,
);
console.log("| | right % | on wrong words % | lost % | words gone, stands at a copy % | one healing, ms |");
console.log("|---|---|---|---|---|---|");
let broken = 0;
for (const [mix, name] of mixes) {
  const found: Record<Share | "ms", number[]> = { right: [], wrong: [], lost: [], atCopies: [], ms: [] };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const sum = { right: 0, wrong: 0, lost: 0, atCopies: 0, surviving: 0, gone: 0, ms: 0, healings: 0 };
    for (let run = 1; run <= runs; run += 1) {
      const seed = repeat * 1000 + run;
      const outcome = runEditing({ seed, mix, claims: 25, operations: 30 }, () => performance.now());
      for (const share of shares) sum[share] += outcome[share];
      sum.surviving += outcome.surviving;
      sum.gone += outcome.gone;
      sum.ms += outcome.healMs;
      sum.healings += outcome.healings;
      if (outcome.converged && outcome.restless === 0 && outcome.untrue === 0 && outcome.unlike === 0)
        continue;
      broken += 1;
      const { converged, restless, untrue, unlike } = outcome;
      console.error(`broken: ${JSON.stringify({ mix, seed, converged, restless, untrue, unlike })}`);
    }
    for (const share of ["right", "wrong", "lost"] as const)
      found[share].push((100 * sum[share]) / sum.surviving);
    found.atCopies.push((100 * sum.atCopies) / Math.max(1, sum.gone));
    found.ms.push(sum.ms / sum.healings);
  }
  const cells = (["right", "wrong", "lost", "atCopies", "ms"] as const).map((share) => spread(found[share]));
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
console.log(`\n${healingAtSize()}`);
process.exit(broken === 0 ? 0 : 1);

/** One letter typed into one paragraph of 20,000 words with 2,000 claims, healed; and with every anchor resolved anew. */
function healingAtSize(): string {
  const doc = new Y.Doc();
  const body = doc.getXmlFragment("body");
  const count = 910;
  const words = (n: number) => `Unit ${String(1000 + n)} counts ${String(3000 + n)} people, says the report`;
  const paragraphs = Array.from({ length: count }, (_, n) => {
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.setAttribute("id", `p${String(n)}`);
    paragraph.insert(0, [
      new Y.XmlText(
        `${words(n)} that was read out in the town hall on Monday evening, before the vote was taken.`,
      ),
    ]);
    return paragraph;
  });
  body.insert(0, paragraphs);
  let field = fieldText(body);
  let anchors = Array.from({ length: 2000 }, (_, n) => {
    const unit = 1000 + (n % count);
    const quote =
      [`Unit ${String(unit)}`, `${String(unit + 2000)} people`, "report"][Math.floor(n / count)] ?? "";
    const prefix = quote === "report" ? words(n % count).slice(0, -"report".length) : undefined;
    const anchor = placeAnchor(field, { quote, prefix });
    if (isRefused(anchor)) throw new Error(`${anchor.refused}: ${quote}`);
    return anchor;
  });
  const touchedMs: number[] = [];
  const allMs: number[] = [];
  for (let key = 0; key < 60; key += 1) {
    const text = paragraphs[(key * 37) % count]?.get(0);
    if (!(text instanceof Y.XmlText)) throw new Error("no text there");
    text.insert(text.length - 2, "e");
    const started = performance.now();
    const now = fieldText(body);
    const healed = healAnchors(now, anchors, field);
    touchedMs.push(performance.now() - started);
    const anew = performance.now();
    healAnchors(fieldText(body), anchors);
    allMs.push(performance.now() - anew);
    [field, anchors] = [now, healed];
  }
  return (
    `20,000 words, 2,000 anchors, one letter typed, ms a healing: ` +
    `${spread(touchedMs)} by what it touched, ${spread(allMs)} with every anchor resolved anew`
  );
}
