/**
 * One person with one story open, as our client does it over the stock provider: says its schema, the store's epoch and
 * with unsent changes the log number it was last told (BO11), halts where the server says so, and then goes on with a
 * fresh text or sends knowingly. Keeps what was promised to it: what was counted as saved, and what it saw of others.
 */
import * as Y from "yjs";
import { wholeText } from "@/domain/body/content";
import { schemaVersion } from "@/domain/body/schema";
import type { Chance } from "@/domain/body/test-editing-peers";
import { openClient, updateIn, type Client } from "../body/test-clients";
import { editText, hasNotes, playOrigin, writeWord } from "./test-edits";
import type { inTurn } from "./test-parts";
import { writesText, type Member } from "./test-people";
import type { EditName } from "./test-plan";

/** A word that nobody else writes and nobody takes away. */
export type Word = {
  readonly text: string;
  readonly by: string;
  readonly story: Story;
  readonly typedAtMs: number;
  /** Written while its person certainly might not: it may never be in the story. */
  readonly isBarred: boolean;
  /** Written while nobody outside was connected to a private story: nobody there may be told. */
  readonly isSecret: boolean;
  /** It was counted as saved. */
  isSaved: boolean;
  /** The text in which it was written was given up before it was saved. */
  isGivenUp: boolean;
};

export type Story = {
  readonly id: string;
  /** Who started it: sees it also while it is private. */
  readonly startedBy: string;
  /** It is hidden and shown one time after the other. */
  readonly turn: ReturnType<typeof inTurn>;
  /** The server has answered that it is private, and was not asked yet to show it again. */
  isHidden: boolean;
  /** Since when certainly nobody outside is connected to it. */
  secretSinceMs: number | undefined;
  /** It was hidden at some time. */
  wasHidden: boolean;
  /** Until then a request that nobody heard the answer of may still be carried out. */
  unsureUntilMs: number;
  isPublished: boolean;
};

/** What was told to somebody: these bytes must be in the store's text. */
export type Promised = { readonly peer: string; readonly how: "saved" | "seen"; readonly update: Uint8Array };

export type PeerWorld = {
  readonly epoch: string;
  readonly chance: Chance;
  readonly urls: readonly string[];
  readonly fault: (sentence: string) => void;
  /** Is this person's right to see or write this story certainly taken? */
  readonly isBarred: (member: Member, story: Story) => boolean;
  readonly promised: (story: Story, promise: Promised) => void;
};

export type Peer = {
  readonly name: string;
  readonly member: Member;
  readonly story: Story;
  readonly words: readonly Word[];
  readonly client: () => Client;
  /** The code with which the server sent it away for good. */
  readonly halted: () => number | undefined;
  readonly write: (seed: number) => void;
  readonly edit: (edit: EditName, seed: number) => void;
  readonly undo: () => void;
  readonly disconnect: () => void;
  readonly connect: () => void;
  /** Gives up what is unsaved and opens the text anew. */
  readonly startAfresh: () => void;
  /** Has sent and been told everything, as far as it can know. */
  readonly isStill: () => boolean;
  /** Does its text hold words that were written without the right? */
  readonly holdsBarred: () => boolean;
  /** All that it holds, of every field. */
  readonly holds: () => string;
  readonly codes: readonly { readonly code: number; readonly reason: string }[];
  readonly state: () => Readonly<Record<string, unknown>>;
  readonly leave: () => void;
};

type Frame = {
  readonly update: Uint8Array;
  readonly words: readonly Word[];
  readonly carriesAll: boolean;
  readonly made: number;
};

export function openPeer(world: PeerWorld, member: Member, story: Story, name: string): Peer {
  const words: Word[] = [];
  const codes: { code: number; reason: string }[] = [];
  let generation = 0;
  let current = open();

  function open() {
    generation += 1;
    const inThisText: Word[] = [];
    /** Of this connection, in the order of sending; and how many were counted. */
    let frames: Frame[] = [];
    let counted = 0;
    /** Own changes so far, and those of them that are saved. */
    let made = 0;
    let saved = 0;
    let writing: Word | undefined;
    let halted: number | undefined;
    let sendsKnowingly = false;
    let isLeft = false;

    const params = (): Record<string, string> => ({
      saved: "1",
      schema: String(schemaVersion),
      epoch: world.epoch,
      ...(made > saved && client.saved.logSeq > 0 && !sendsKnowingly
        ? { since: String(client.saved.logSeq) }
        : {}),
    });
    const comer = {
      get cookie() {
        return member.cookie;
      },
    };
    const first = { saved: "1", schema: String(schemaVersion), epoch: world.epoch };
    const client = openClient(someServer(), story.id, comer, first, (kind, update) => {
      const carriesAll = kind === "step2";
      const carried = carriesAll ? [...inThisText] : writing ? [writing] : [];
      frames.push({ update, words: carried, carriesAll, made });
    });
    const { doc, provider } = client;
    const undo = new Y.UndoManager(doc.getXmlFragment("body"), {
      trackedOrigins: new Set([playOrigin]),
      captureTimeout: 0,
    });
    let asked: Record<string, string> = provider.params;

    doc.on("update", (_update: Uint8Array, origin: unknown) => {
      if (origin !== provider && !provider.wsconnected) provider.params = params();
    });
    // Before the provider sends it: a frame says how many changes it ends with.
    doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (transaction.origin !== provider && changesText(transaction)) made += 1;
    });

    const hearSync = provider.messageHandlers[0];
    provider.messageHandlers[0] = (encoder, decoder, ...rest) => {
      // As it came: what the document makes of it also holds what follows from own deletions.
      if (decoder.arr[1] !== 0) {
        world.promised(story, { peer: name, how: "seen", update: updateIn(decoder.arr) });
      }
      hearSync?.(encoder, decoder, ...rest);
    };
    const hearSaved = provider.messageHandlers[100];
    provider.messageHandlers[100] = (...message) => {
      hearSaved?.(...message);
      for (const frame of frames.slice(counted, client.saved.count)) {
        world.promised(story, { peer: name, how: "saved", update: frame.update });
        for (const word of frame.words) word.isSaved = true;
      }
      counted = client.saved.count;
      const prefix = frames.slice(0, counted);
      if (prefix.some(({ carriesAll }) => carriesAll)) saved = prefix.at(-1)?.made ?? saved;
    };
    provider.on("status", ({ status }) => {
      if (status === "connecting") {
        asked = provider.params;
        frames = [];
        counted = 0;
      }
      if (status !== "connected") return;
      if ("since" in params() && !("since" in asked)) {
        // Written while the connection was being opened: it has to be asked anew, before anything is merged.
        provider.disconnect();
        provider.connect();
        return;
      }
      sendsKnowingly = false;
    });
    provider.on("connection-close", (event) => {
      if (event) codes.push({ code: event.code, reason: event.reason });
      provider.params = params();
      provider.serverUrl = someServer();
    });
    provider.on("closed", ({ code, reason }) => {
      halted = code;
      // After the provider is done with its own.
      setImmediate(() => goOn(code, reason));
    });

    /** What a person chooses when the page says why it ended. */
    function goOn(code: number, reason: string): void {
      if (isLeft) return;
      if (code === 4403 || (code === 4409 && reason === "since")) {
        // What was written without the right is not brought in knowingly: nothing may hold it.
        const maySend = !inThisText.some(({ isBarred }) => isBarred);
        if (!maySend || world.chance.happens(0.5)) return startAfresh();
        sendsKnowingly = true;
        halted = undefined;
        provider.params = params();
        return provider.connect();
      }
      if (code === 4401 || code === 4404) return; // until they are signed in again, or the story is to be seen again
      world.fault(`${name} was sent away with ${String(code)} ${reason}`);
      startAfresh();
    }

    return {
      client,
      inThisText,
      halted: () => halted,
      isStill: () =>
        provider.synced && (client.saved.count === client.sent() || !mayWrite()) && client.saved.logSeq > 0,
      write: (word: Word, seed: number) => {
        inThisText.push(word);
        writing = word;
        const isWritten = writeWord(doc, word.text, seed);
        writing = undefined;
        if (!isWritten) inThisText.pop();
        return isWritten;
      },
      undo: () => void undo.undo(),
      connect: () => {
        halted = undefined;
        provider.params = params();
        provider.connect();
      },
      unsaved: () => made - saved,
      leave: () => {
        isLeft = true;
        for (const word of inThisText) word.isGivenUp ||= !word.isSaved;
        undo.destroy();
        client.leave();
      },
    };
  }

  function mayWrite(): boolean {
    return writesText(member) && !story.isPublished;
  }
  function someServer(): string {
    const url = world.chance.pick(world.urls);
    return `${url.replace("http", "ws")}/collab`;
  }
  function startAfresh(): void {
    current.leave();
    current = open();
  }

  return {
    name,
    member,
    story,
    words,
    codes,
    client: () => current.client,
    halted: () => current.halted(),
    write: (seed) => {
      if (!hasNotes(current.client.doc)) return;
      const isBarred = !writesText(member) || world.isBarred(member, story);
      const text = `[${name}.${String(words.length + 1)}]`;
      const isSecret = story.secretSinceMs !== undefined;
      const how = { isBarred, isSecret, isSaved: false, isGivenUp: false };
      const word: Word = { text, by: member.key, story, typedAtMs: Date.now(), ...how };
      words.push(word);
      if (!current.write(word, seed)) words.pop();
    },
    edit: (edit, seed) => {
      if (hasNotes(current.client.doc)) editText(current.client.doc, edit, seed);
    },
    undo: () => current.undo(),
    disconnect: () => current.client.provider.disconnect(),
    connect: () => current.connect(),
    startAfresh,
    isStill: () => current.isStill(),
    holdsBarred: () => current.inThisText.some(({ isBarred }) => isBarred),
    holds: () => wholeText(current.client.content()),
    state: () => {
      const { provider, saved, sent, denied } = current.client;
      return {
        peer: name,
        synced: provider.synced,
        connected: provider.wsconnected,
        wants: provider.shouldConnect,
        saved: saved.count,
        sent: sent(),
        logSeq: saved.logSeq,
        unsaved: current.unsaved(),
        denied: denied.length,
        halted: current.halted(),
        texts: generation,
        codes: codes.slice(-4).map(({ code, reason }) => `${String(code)} ${reason}`.trim()),
      };
    },
    leave: () => current.leave(),
  };
}

const changesText = ({ deleteSet, beforeState, afterState }: Y.Transaction) =>
  deleteSet.clients.size > 0 || [...afterState].some(([client, clock]) => beforeState.get(client) !== clock);
