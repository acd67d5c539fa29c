/** A row of the record in words: what stands after the person's name. */
import type { ActWord } from "@/domain/record/act";
import { unrecordedSentence } from "./edit-sentence";

const words: Readonly<Record<ActWord, string>> = {
  "newsroom-opened": "opened the newsroom",
  "backup-restored": "restored the newsroom from a backup",
  "signed-in": "signed in",
  "signed-out": "signed out",
  "person-invited": "invited a person",
  "person-changed": "changed a person",
  "link-made": "made a one-time link",
  "link-redeemed": "used a one-time link",
  "password-changed": "changed their password",
  "story-started": "started the story",
  "story-changed": "changed the details",
  "story-moved": "moved the story",
  "approval-lapsed": "took the approval away by an edit",
  "text-edited": "wrote in the text",
  "text-unrecorded": "has no record of earlier edits",
  "claim-marked": "marked a claim",
  "claim-changed": "changed a claim",
  "claim-reanchored": "found a claim’s words again",
  "claim-removed": "removed a claim",
  "claim-assigned": "assigned a claim",
  "verdict-given": "gave a verdict",
  "evidence-added": "added a source",
  "comment-added": "commented",
  "waiver-given": "waived a blocker",
  "version-kept": "kept a version",
  "version-restored": "restored a version",
  published: "published the story",
};

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const plain = (value: string) => value.replaceAll(/[_-]/g, " ");

type Line = { readonly act: string; readonly detail: Readonly<Record<string, unknown>> };

const isActWord = (act: string): act is ActWord => act in words;

/** For example: `gave a verdict: false (the ministry says 3,600)`. An act of a newer server is said as it is called. */
export function actSentence({ act, detail }: Line): string {
  const unrecorded = act === "text-unrecorded" ? unrecordedSentence({ detail }) : null;
  if (unrecorded) return unrecorded;
  const what = isActWord(act) ? words[act] : plain(act);
  const told = [
    text(detail["verdict"]),
    text(detail["to"]),
    text(detail["rule"]),
    text(detail["relation"]),
    text(detail["kind"]),
    text(detail["importance"]),
  ]
    .filter((one) => one !== undefined)
    .map(plain);
  const quote = text(detail["quote"]) ?? text(detail["words"]);
  const was = text(detail["was"]);
  const now = text(detail["now"]);
  const why = text(detail["reason"]) ?? text(detail["rationale"]);
  return [
    told.length > 0 ? `${what}: ${told.join(", ")}` : what,
    quote ? `“${quote}”` : undefined,
    was !== undefined || now !== undefined ? `“${was ?? ""}” → “${now ?? ""}”` : undefined,
    why ? `(${why})` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}
