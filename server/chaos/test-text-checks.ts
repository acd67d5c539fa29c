/** Is every text whole, the same for all, and written only by those who might? */
import { asc, eq, sql } from "drizzle-orm";
import * as Y from "yjs";
import { plainText, readContent, wholeText } from "@/domain/body/content";
import { contentHash } from "@/domain/body/content-hash";
import { newFaithfulDoc } from "@/domain/body/faithful-doc";
import { changesNothing, newClients, scanUpdate } from "@/domain/body/scan-update";
import { Story as StoryOnWire } from "@/domain/stories/story";
import { storySnapshots, storyUpdates } from "../body/body-tables";
import { clientsOf } from "../body/log-store";
import type { StoredText } from "../body/read-text";
import { openClient, until } from "../body/test-clients";
import { logSeqOf, storyDetails } from "../stories/story-row";
import { editor, madeWithinMs, ofEachStory } from "./test-check";
import { ask, writesText } from "./test-people";
import type { Story } from "./test-peer";
import type { Round } from "./test-round";
import type { BarredTime } from "./test-world";

async function hashedIn(round: Round, story: Story): Promise<(text: StoredText["content"]) => string> {
  const details = await storyDetails(round.db, story.id);
  if (!details) throw new Error("A story is gone.");
  return (content) => contentHash({ content, ...details });
}

export const convergence = (round: Round) =>
  ofEachStory(round, async (story, name, text) => {
    const hash = await hashedIn(round, story);
    const stored = hash(text.content);
    const found: string[] = [];
    for (const peer of round.peers.filter((one) => one.story === story)) {
      const { doc } = peer.client();
      if (hash(readContent(doc)) !== stored) found.push(`${peer.name} holds another text of ${name}`);
      else if (!Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(text.doc))) {
        found.push(`${peer.name} holds the same text of ${name}, but not the same changes`);
      }
    }
    for (const { name: server, url } of round.parts.servers) {
      const answer = await ask(url, editor(round), "GET", `/api/stories/${story.id}`);
      const told = StoryOnWire.parse(answer?.body);
      if (told.contentHash !== stored) found.push(`${server} tells another hash of ${name}`);
      if (told.text !== plainText(text.content.body)) found.push(`${server} tells another text of ${name}`);
      const fresh = openClient(`${url.replace("http", "ws")}/collab`, story.id, editor(round));
      await until(() => fresh.provider.synced, Boolean, madeWithinMs).catch(() => undefined);
      if (hash(fresh.content()) !== stored) found.push(`a newcomer at ${server} is told another ${name}`);
      fresh.leave();
    }
    return found;
  });

export const durability = (round: Round) =>
  ofEachStory(round, async (story, name, { doc, content }) => {
    const all = wholeText(content);
    const found: string[] = [];
    for (const { peer, how, update } of round.promised(story)) {
      const scan = scanUpdate(update);
      if (!scan || !changesNothing(doc, scan))
        found.push(`${name} lacks what ${peer} ${how === "saved" ? "was told is saved" : "saw"}`);
    }
    for (const word of round.peers.flatMap(({ words }) => words).filter((one) => one.story === story)) {
      const times = all.split(word.text).length - 1;
      if (times > 1) found.push(`${word.text} stands ${String(times)} times in ${name}`);
      if (times === 0 && word.isSaved) found.push(`${word.text} was saved and is not in ${name}`);
      if (times === 0 && !word.isSaved && !word.isGivenUp) {
        found.push(`${word.text} is still with its author and was not brought to ${name}`);
      }
    }
    return found;
  });

type LogRow = {
  readonly seq: number;
  /** Null: the server's own. */
  readonly personId: string | null;
  readonly update: Uint8Array;
  /** When its transaction was begun, and when it was committed. */
  readonly atMs: number;
  readonly committedAtMs: number;
};

/** The text that the log begins with, the number of its last row, and the rows since then. */
async function logOf(
  { db }: Round,
  { id }: Story,
): Promise<{ readonly doc: Y.Doc; readonly seq: number; readonly rows: readonly LogRow[] }> {
  const [snapshot] = await db.select().from(storySnapshots).where(eq(storySnapshots.storyId, id));
  const doc = newFaithfulDoc();
  if (snapshot) Y.applyUpdate(doc, snapshot.state);
  const { seq, personId, update, at } = storyUpdates;
  const committedAt = sql<string>`extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000`;
  const rows = await db
    .select({ seq, personId, update, at, committedAt })
    .from(storyUpdates)
    .where(eq(storyUpdates.storyId, id))
    .orderBy(asc(storyUpdates.seq));
  return {
    doc,
    seq: snapshot?.seq ?? 0,
    rows: rows.map((row) => ({ ...row, atMs: row.at.getTime(), committedAtMs: Number(row.committedAt) })),
  };
}

export const log = (round: Round) =>
  ofEachStory(round, async (story, name) => {
    const { doc, seq: first, rows } = await logOf(round, story);
    const owners = await clientsOf(round.db, story.id);
    const found: string[] = [];
    let last = first;
    for (const { seq, personId, update } of rows) {
      if (seq !== last + 1) found.push(`${name} has number ${String(seq)} after ${String(last)}`);
      last = seq;
      const scan = scanUpdate(update);
      const clients = scan ? newClients(doc, scan) : new Set<number>();
      for (const client of clients) {
        const owner = owners.get(client);
        if (owner === personId) continue;
        found.push(`${name} has words of ${String(owner)} in row ${String(seq)} of ${String(personId)}`);
      }
      Y.applyUpdate(doc, update);
    }
    const says = await logSeqOf(round.db, story.id);
    if (says !== last) found.push(`${name} says ${String(says)}, its log ends with ${String(last)}`);
    return found;
  });

/**
 * Neither a row that was begun after the right was gone and committed before it came back, nor a word that was written
 * then in a row that was committed before it came back: later it is the regained right's.
 */
export const rights = (round: Round) =>
  ofEachStory(round, async (story, name, { content }) => {
    const { doc, rows } = await logOf(round, story);
    const all = wholeText(content);
    const after = (ms: number) => `${String(Math.round(ms - round.beganMs))} ms`;
    const found: string[] = [];
    let barredWords = round.peers
      .flatMap(({ words }) => words)
      .filter((word) => word.story === story && word.isBarred && all.includes(word.text));
    for (const { seq, personId, update, atMs, committedAtMs } of rows) {
      Y.applyUpdate(doc, update);
      const member = round.members.find(({ id }) => id === personId);
      if (!member) continue;
      const isTheirs = (time: BarredTime) =>
        time.member === member && (time.storyId ?? story.id) === story.id;
      const isBarred = (ms: number) =>
        !writesText(member) ||
        round.barred.some((time) => isTheirs(time) && time.fromMs < ms && committedAtMs < time.toMs);
      const row = `row ${String(seq)} of ${name} (${after(atMs)}, stored ${after(committedAtMs)})`;
      if (isBarred(atMs)) found.push(`${row} is by ${member.key}, who might not write`);
      const text = wholeText(readContent(doc));
      for (const word of barredWords.filter((one) => text.includes(one.text))) {
        barredWords = barredWords.filter((one) => one !== word);
        // Written in the millisecond of the answer, it was written after it.
        if (!isBarred(word.typedAtMs + 1)) continue;
        found.push(`${row} holds ${word.text} of ${after(word.typedAtMs)}, when ${word.by} might not write`);
      }
    }
    return found;
  });
