/**
 * What the demo newsroom works on: our own texts. The visit and its quotes are made up, and several figures, dates
 * and titles are wrong on purpose: finding them is the visitor's first job.
 */
import type { ClaimStart, EvidenceGiven, VerdictGiven } from "@/domain/claims/claim";
import type { StoryStart } from "@/domain/stories/story";
import type { z } from "zod";
import type { DemoPerson } from "./demo-people";

export type DemoClaim = {
  readonly by: DemoPerson;
  readonly claim: ClaimStart;
  readonly evidence?: readonly z.infer<typeof EvidenceGiven>[];
  readonly verdict?: VerdictGiven & { readonly by: DemoPerson };
  readonly comment?: { readonly by: DemoPerson; readonly text: string };
};

export type DemoMove = {
  readonly by: DemoPerson;
  readonly to: "checking" | "approved" | "published" | "spiked";
  readonly reason?: string;
};

export type DemoStory = {
  readonly by: DemoPerson;
  readonly story: StoryStart & { readonly slug: string };
  readonly claims: readonly DemoClaim[];
  readonly moves: readonly DemoMove[];
};

const visit: DemoStory = {
  by: "reporter1",
  story: {
    slug: "nato-chief-in-kosovo",
    headline: "NATO chief promises Kosovo that its troops will stay",
    standfirst:
      "On a one-day visit to Pristina the alliance's secretary general rules out a smaller force, two years after gunmen killed a police officer in the north.",
    dateline: { place: "Pristina", date: "2025-09-26" },
    byline: ["Reporter One", "Reporter Two"],
    lang: "en",
    body: {
      format: "markdown",
      content: `NATO will keep its force in Kosovo at about 4,600 soldiers, the alliance's secretary general said on Friday after talks with the country's president and prime minister. “We will not take one soldier out of Kosovo before the people here can do without us,” the secretary general told reporters at the mission's headquarters in Pristina.

## A force from 33 nations

The mission, known as KFOR, entered Kosovo on 12 June 1999, two days after the United Nations Security Council adopted Resolution 1244. At its peak it counted some 50,000 troops. Today 33 nations contribute to it; Italy sends the largest contingent.

The alliance has added around 1,000 soldiers since the spring of 2023, when peacekeepers were injured in clashes with protesters in Zvečan on 29 May. It was the largest reinforcement in a decade. “Nobody asked us to come back with more,” the mission's spokesperson said. “We came because the north had become dangerous for everyone who lives there.”

## Two attacks in the north

Security in the north worsened after 24 September 2023, when an armed group of about 30 men attacked a Kosovo police patrol in the village of Banjska. One police sergeant and three of the attackers were killed. The others withdrew into a monastery and fled on foot after nightfall.

On 29 November 2024 an explosion damaged a canal near Zubin Potok that carries cooling water to the country's two large power plants. The prime minister called it “the most serious attack on our infrastructure since the war”. No group has claimed it, and all of the suspects deny any part in it.

The Banjska attack of 25 September 2023, a Sunday, had been prepared for at least three months, according to a spokesperson of the Kosovo police. The indictment names 45 people; only three of them are in custody.

## What was agreed

The secretary general, who took office in October 2023, was met at the airport by the deputy prime minister and by the mission's commander, a Turkish major general. At the end of their talks they announced three steps:

- Joint patrols along the boundary with Serbia rise from 40 to 60 a month.
- A second liaison office opens in Leposavić before the end of the year.
- The reserve battalion that was called in 2023 stays on call until the spring of 2027.

“The 4,800 women and men of this mission do not take sides,” its commander said. “They are here for every single person in Kosovo.”

Kosovo declared its independence from Serbia on 17 February 2008. More than 100 countries recognise it; five of the alliance's 32 members do not. Serbia, which is no member, calls Kosovo a province of its own and says that the mission's mandate still rests on the resolution of 1999 alone.

> The mission will be judged by the day on which it is no longer needed.

That is how the secretary general put it before leaving for Skopje on Friday evening. A date for that day was not named.

*Practice material of the demo newsroom: the visit and its quotes are made up, and some of the facts are wrong on purpose.*`,
    },
  },
  claims: [
    {
      by: "reporter1",
      claim: {
        field: "body",
        quote: "on 12 June 1999, two days after the United Nations Security Council adopted Resolution 1244",
        kind: "date_time",
        importance: "normal",
        note: "The resolution is of 10 June.",
      },
      evidence: [
        {
          source: {
            type: "document",
            name: "United Nations Security Council, Resolution 1244 (1999)",
            reliability: "A",
          },
          relation: "supports",
          excerpt: "Adopted by the Security Council at its 4011th meeting, on 10 June 1999",
          locator: "page 1",
        },
      ],
      verdict: { by: "checker1", verdict: "verified" },
    },
    {
      by: "reporter1",
      claim: { field: "body", quote: "17 February 2008", kind: "date_time", importance: "normal" },
      evidence: [
        {
          source: { type: "document", name: "Declaration of independence of Kosovo", reliability: "A" },
          relation: "supports",
          locator: "first page",
        },
      ],
      verdict: { by: "checker1", verdict: "verified" },
    },
    {
      by: "reporter2",
      claim: {
        field: "body",
        quote: "We will not take one soldier out of Kosovo before the people here can do without us",
        kind: "quote",
        importance: "critical",
        note: "From my notes; the recording is with the desk.",
      },
      comment: { by: "checker2", text: "Whose recording is it, and from which minute on?" },
    },
    {
      by: "checker1",
      claim: {
        field: "body",
        quote: "five of the alliance's 32 members do not",
        kind: "number",
        importance: "normal",
      },
      verdict: {
        by: "checker1",
        verdict: "verified_if_changed",
        replacement: "four of the alliance's 32 members do not",
        rationale:
          "Greece, Romania, Slovakia and Spain. The fifth country often named with them is not in NATO.",
      },
    },
    {
      by: "checker2",
      claim: {
        field: "body",
        quote: "took office in October 2023",
        kind: "date_time",
        importance: "normal",
      },
      verdict: { by: "checker2", verdict: "false", rationale: "It was in October 2024." },
    },
  ],
  moves: [{ by: "reporter1", to: "checking" }],
};

const bridge: DemoStory = {
  by: "reporter2",
  story: {
    slug: "bridge-in-mitrovica",
    headline: "Mitrovica's main bridge gets new lamps before winter",
    standfirst: "The work on both banks of the Ibar takes three weeks.",
    dateline: { place: "Mitrovica", date: "2025-10-14" },
    byline: ["Reporter Two"],
    lang: "en",
    body: {
      format: "text",
      content:
        "The main bridge over the Ibar in Mitrovica gets 24 new lamps. The work begins on Monday on the southern bank and takes three weeks, the municipality said.\n\nThe bridge stays open to people on foot; cars have not crossed it for years.",
    },
  },
  claims: [],
  moves: [],
};

const recruits: DemoStory = {
  by: "reporter1",
  story: {
    slug: "police-school-vushtrri",
    headline: "Police academy in Vushtrri takes 120 recruits",
    standfirst: "Training begins in March and lasts a year.",
    dateline: { place: "Vushtrri", date: "2025-10-07" },
    byline: ["Reporter One"],
    lang: "en",
    body: {
      format: "text",
      content:
        "The police academy in Vushtrri takes 120 recruits in March, 30 more than a year before. Training lasts twelve months, the academy said.\n\nHalf of the places are kept for women and for people from smaller communities.",
    },
  },
  claims: [
    {
      by: "reporter1",
      claim: { field: "body", quote: "120 recruits", kind: "number", importance: "normal" },
      evidence: [
        {
          source: {
            type: "spokesperson",
            name: "Spokesperson of the academy, by telephone",
            reliability: "B",
          },
          relation: "supports",
        },
      ],
      verdict: { by: "checker2", verdict: "verified" },
    },
  ],
  moves: [
    { by: "reporter1", to: "checking" },
    { by: "editor1", to: "approved" },
  ],
};

const library: DemoStory = {
  by: "reporter2",
  story: {
    slug: "library-opens-at-night",
    headline: "National library in Pristina opens until midnight",
    standfirst: "Students had asked for it for two years.",
    dateline: { place: "Pristina", date: "2025-10-01" },
    byline: ["Reporter Two"],
    lang: "en",
    body: {
      format: "text",
      content:
        "The reading rooms of the National Library in Pristina stay open until midnight from Monday on. Students had asked for it for two years.\n\nThe building with its 99 domes was opened in 1982. The longer hours are a trial until the end of June.",
    },
  },
  claims: [
    {
      by: "reporter2",
      claim: { field: "body", quote: "99 domes", kind: "number", importance: "normal" },
      evidence: [
        {
          source: { type: "document", name: "The library's own guide to the building", reliability: "B" },
          relation: "supports",
          locator: "page 3",
        },
      ],
      verdict: { by: "checker1", verdict: "verified" },
    },
    {
      by: "reporter2",
      claim: { field: "body", quote: "opened in 1982", kind: "date_time", importance: "normal" },
      evidence: [
        {
          source: { type: "document", name: "The library's own guide to the building", reliability: "B" },
          relation: "supports",
          locator: "page 1",
        },
      ],
      verdict: { by: "checker1", verdict: "verified" },
    },
  ],
  moves: [
    { by: "reporter2", to: "checking" },
    { by: "editor2", to: "approved" },
    { by: "editor2", to: "published" },
  ],
};

const rumour: DemoStory = {
  by: "reporter2",
  story: {
    slug: "airport-strike",
    headline: "Airport staff said to plan a strike",
    dateline: { place: "Pristina", date: "2025-09-30" },
    byline: ["Reporter Two"],
    lang: "en",
    body: {
      format: "text",
      content: "Staff of Pristina's airport are said to plan a strike for the first weekend of October.",
    },
  },
  claims: [],
  moves: [{ by: "editor1", to: "spiked", reason: "The only source took it back." }],
};

/** In the order in which they are loaded: the desk shows the last changed first. */
export const demoStories: readonly DemoStory[] = [rumour, library, recruits, bridge, visit];
