/** Every promise that is looked after once a round is at rest. */
import type { Check } from "./test-check";
import { anchorsAtRest, chain, desk, gates } from "./test-desk-checks";
import type { Round } from "./test-round";
import { convergence, durability, log, rights } from "./test-text-checks";

/** Close codes that each person could have met by what was done. */
const closeCodes = (round: Round) => {
  const found = round.peers.flatMap(({ name, member, story, codes }) =>
    codes.flatMap(({ code, reason }) => {
      const isKnown =
        code < 1009 ||
        code === 1012 ||
        code === 1013 ||
        (code === 4401 && member.wasSignedOut) ||
        (code === 4403 && (member.hadOtherRole || story.isPublished)) ||
        (code === 4404 && (story.wasHidden || member.hadOtherRole)) ||
        (code === 4409 && reason === "since");
      return isKnown ? [] : [`${name} was closed with ${String(code)} ${reason}`];
    }),
  );
  return Promise.resolve(found);
};

const servers = async (round: Round) => {
  const found: string[] = [];
  for (const { name, url } of round.parts.servers) {
    const answer = await fetch(`${url}/metrics`).catch(() => undefined);
    const text = await answer?.text();
    if (answer?.status !== 200 || !text?.includes("linecheck_connections")) {
      found.push(`${name} does not answer /metrics`);
    }
  }
  return [...found, ...round.parts.faults()];
};

export const checks: readonly Check[] = [
  {
    title: "[PE4] who lost a right was told no more and sent away, with the codes of the contract",
    faults: async (round) => [...round.faults(), ...(await closeCodes(round))],
  },
  {
    title: "[BO1][AN4] every peer, a newcomer at each server and the API have the same text",
    faults: convergence,
  },
  {
    title:
      "[BO1][BO2][BO4] what was counted as saved or seen by others is stored, once; the rest comes from its author",
    faults: durability,
  },
  { title: "[BO5][BO7] the log has no gap, and every row its person or the server", faults: log },
  { title: "[PE1][PE4] nothing is stored of who had lost the right to write", faults: rights },
  {
    title: "[WF2][WF3][WF4] what is approved or published is exactly what was approved, through an open gate",
    faults: gates,
  },
  {
    title: "[AN1][AN2][AN4] healing again changes nothing, and every server tells the same places",
    faults: anchorsAtRest,
  },
  { title: "[RE1][RE2] the record's chain is whole", faults: chain },
  { title: "[BO12][BO13] what the desk shows is made from the text", faults: desk },
  {
    title: "no server ended by itself or left a failure unanswered, and each tells its metrics",
    faults: servers,
  },
];
