/** A sentence for every missing right: the title of a refused request and the tooltip of a greyed button. */
import type { MissingRight } from "./rights";

const onlyEditors = (what: string) => `Only an editor may ${what}.`;
const onlyNewsroom = (what: string) => `Reporters, checkers and editors may ${what}; you may not.`;
const onlyWriters = (what: string) => `Only reporters and editors may ${what}.`;

const sentences: Readonly<Record<MissingRight, string>> = {
  "not-visible": "There is no such story here.",
  "may-not-read-story": "You may not read this story.",
  "may-not-write-text": onlyWriters("write the text of a story"),
  "may-not-edit-details": onlyWriters("change a story's dateline, byline and other details"),
  "may-not-mark-claim": onlyNewsroom("mark claims"),
  "may-not-comment": onlyNewsroom("comment on claims"),
  "may-not-add-evidence": onlyNewsroom("add evidence"),
  "may-not-assign": onlyNewsroom("assign claims"),
  "may-not-judge": onlyNewsroom("give verdicts"),
  "may-not-waive": onlyEditors("waive a blocker"),
  "may-not-send-to-checking": onlyNewsroom("send a story to checking"),
  "may-not-send-back": "Only an editor, or a checker while the story is being checked, may send it back.",
  "may-not-approve": onlyEditors("approve a story"),
  "may-not-withdraw-approval": onlyEditors("withdraw an approval"),
  "may-not-publish": onlyEditors("publish a story"),
  "may-not-spike": onlyEditors("spike a story"),
  "may-not-revive": onlyEditors("revive a spiked story"),
  "may-not-restore-version": onlyWriters("restore a version"),
  "may-not-set-privacy":
    "Only an editor, or the reporter who started the story, may make it private or name people on it.",
  "may-not-read-story-record": onlyNewsroom("read a story's history"),
  "may-not-remove-claim": onlyNewsroom("remove claims"),
  "may-not-lower-importance": onlyNewsroom("lower a claim's importance"),
  "may-not-change-kind": onlyNewsroom("change a claim's kind"),
  "may-not-change-words": onlyNewsroom("change a claim's words"),
  "may-not-start-story": onlyWriters("start a story"),
  "may-not-manage-people": "Only an admin may invite and change people.",
  "may-not-read-newsroom-record": onlyEditors("read the newsroom's record"),
  "wrote-in-it": "You wrote in this story, so somebody else has to judge its claims.",
  "wrote-these-words": "You wrote these words or changed them, so somebody else has to judge them.",
  "only-writer": "Nobody else wrote in this story, so another editor has to approve it.",
  "not-your-claim": "A colleague marked this claim: ask them, a checker or an editor.",
  "touched-by-others": "A colleague has judged this claim or added to it: ask a checker or an editor.",
  "published-is-read-only": "This story is published, so its text cannot be changed any more.",
};

/** What to tell the person who lacks this right. */
export function rightSentence(missing: MissingRight): string {
  return sentences[missing];
}
