/** What `/api/openapi.json` says of each route: its words, and the schemas that it is parsed and answered with. */
import { z } from "zod";
import {
  AnchorGiven,
  AssigneeGiven,
  Claim,
  ClaimChange,
  ClaimStart,
  ClaimWhole,
  CommentGiven,
  EvidenceGiven,
  VerdictGiven,
} from "@/domain/claims/claim";
import { WordsAuthor } from "@/domain/body/who-wrote";
import {
  Colleague,
  Invitation,
  Invited,
  LinkRedemption,
  PasswordChange,
  Person,
  PersonChange,
  SignIn,
} from "@/domain/people/person";
import { RecordLine } from "@/domain/record/act";
import { DeskStory, Status, Story, StoryChange, StoryStart } from "@/domain/stories/story";
import { Version, VersionLine } from "@/domain/versions/version";
import { Gate, MoveGiven, WaiverGiven } from "@/domain/workflow/workflow";

export type DescribedRoute = {
  readonly method: "get" | "post" | "patch" | "delete";
  /** As Hono writes it: `/api/stories/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  readonly status?: 200 | 201;
  readonly query?: Readonly<Record<string, string>>;
  /** Answers without a session. */
  readonly isOpen?: true;
  /** Answers something else than JSON. */
  readonly mediaType?: string;
};

const about = {
  signIn: "Signs in with address and password; sets the session cookie",
  signOut: "Ends the session",
  links: "Redeems a one-time link; a demo entry link needs no password",
};

export const describedRoutes: readonly DescribedRoute[] = [
  {
    method: "post",
    path: "/api/auth/sign-in/email",
    summary: about.signIn,
    body: SignIn,
    answer: Person,
    isOpen: true,
  },
  { method: "post", path: "/api/auth/sign-out", summary: about.signOut },
  {
    method: "post",
    path: "/api/auth/links",
    summary: about.links,
    body: LinkRedemption,
    answer: Person,
    isOpen: true,
  },
  { method: "get", path: "/api/me", summary: "Who is signed in", answer: Person },
  {
    method: "post",
    path: "/api/me/password",
    summary: "Changes one's own password; ends one's other sessions",
    body: PasswordChange,
  },
  { method: "get", path: "/api/people", summary: "Everyone in the newsroom", answer: z.array(Colleague) },
  {
    method: "post",
    path: "/api/people",
    summary: "Invites a person; the link is shown once (admin)",
    body: Invitation,
    answer: Invited,
    status: 201,
  },
  {
    method: "patch",
    path: "/api/people/:id",
    summary: "Changes a role, deactivates or reactivates (admin)",
    body: PersonChange,
    answer: Colleague,
  },
  {
    method: "post",
    path: "/api/people/:id/link",
    summary: "A new one-time link: invitation or password reset (admin)",
    answer: Invited,
    status: 201,
  },
  {
    method: "get",
    path: "/api/stories",
    summary: "The stories one may see, last changed first",
    query: {
      status: `Any of ${Status.options.join(", ")}; several with commas`,
      q: "Words in headline, standfirst, text or slug",
      assignee: "A person's id, or me",
    },
    answer: z.array(DeskStory),
  },
  {
    method: "post",
    path: "/api/stories",
    summary: "Starts a story",
    body: StoryStart,
    answer: Story,
    status: 201,
  },
  { method: "get", path: "/api/stories/:id", summary: "One story whole", answer: Story },
  {
    method: "patch",
    path: "/api/stories/:id",
    summary: "Changes what stands beside the text",
    body: StoryChange,
    answer: Story,
  },
  {
    method: "get",
    path: "/api/stories/:id/authors",
    summary: "Who wrote these words of the text, and when",
    query: {
      field: "headline, standfirst or body",
      relStart: "Where the words start: an encoded Yjs relative position, base64",
      relEnd: "Where they end",
      start: "Or by offset in the field's plain text",
      end: "The offset behind the last letter",
    },
    answer: z.array(WordsAuthor),
  },
  {
    method: "get",
    path: "/api/stories/:id/claims",
    summary: "The story's claims in the order of its text",
    query: {
      removed: "1 lists removed ones too",
      ids: "Only these claims: at most 200 ids, separated by commas",
    },
    answer: z.array(Claim),
  },
  {
    method: "post",
    path: "/api/stories/:id/claims",
    summary: "Marks words as a claim",
    body: ClaimStart,
    answer: Claim,
    status: 201,
  },
  { method: "get", path: "/api/claims/:id", summary: "One claim with its history", answer: ClaimWhole },
  {
    method: "patch",
    path: "/api/claims/:id",
    summary: "Changes a claim's kind or importance",
    body: ClaimChange,
    answer: Claim,
  },
  {
    method: "delete",
    path: "/api/claims/:id",
    summary: "Removes a claim; it stays in the record",
    query: { reason: "Asked of checkers and editors" },
  },
  {
    method: "post",
    path: "/api/claims/:id/verdicts",
    summary: "Gives a verdict; the newest stands",
    body: VerdictGiven,
    answer: Claim,
    status: 201,
  },
  {
    method: "post",
    path: "/api/claims/:id/evidence",
    summary: "Adds a source in relation to the claim",
    body: EvidenceGiven,
    answer: Claim,
    status: 201,
  },
  {
    method: "post",
    path: "/api/claims/:id/comments",
    summary: "Comments or replies",
    body: CommentGiven,
    answer: Claim,
    status: 201,
  },
  {
    method: "post",
    path: "/api/claims/:id/assignee",
    summary: "Gives the claim to somebody, or to nobody",
    body: AssigneeGiven,
    answer: Claim,
  },
  {
    method: "post",
    path: "/api/claims/:id/waivers",
    summary: "Waives one rule on this claim (editor)",
    body: WaiverGiven,
    answer: Claim,
    status: 201,
  },
  {
    method: "post",
    path: "/api/claims/:id/anchor",
    summary: "Says which words the claim is about now",
    body: AnchorGiven,
    answer: Claim,
  },
  {
    method: "get",
    path: "/api/stories/:id/gate",
    summary: "Why the story may not be released",
    answer: Gate,
  },
  {
    method: "post",
    path: "/api/stories/:id/moves",
    summary: "Every step of the workflow",
    body: MoveGiven,
    answer: Story,
  },
  {
    method: "get",
    path: "/api/stories/:id/versions",
    summary: "The kept versions, newest first",
    answer: z.array(VersionLine),
  },
  { method: "get", path: "/api/stories/:id/versions/:n", summary: "One kept version", answer: Version },
  {
    method: "get",
    path: "/api/stories/:id/versions/:a/diff/:b",
    summary: "What changed from one version to another",
  },
  {
    method: "post",
    path: "/api/stories/:id/versions/:n/restore",
    summary: "Puts a version's text in the place of today's, as an edit",
  },
  {
    method: "get",
    path: "/api/stories/:id/audit",
    summary: "The story's record, oldest first",
    answer: z.array(RecordLine),
  },
  { method: "get", path: "/api/audit", summary: "The newsroom's record, newest first (editors)" },
  { method: "get", path: "/api/audit/head", summary: "The record's last number and hash" },
  { method: "get", path: "/api/openapi.json", summary: "This description" },
  { method: "get", path: "/healthz", summary: "The process runs", isOpen: true },
  {
    method: "get",
    path: "/readyz",
    summary: "The store answers and the process is not being stopped",
    isOpen: true,
  },
  {
    method: "get",
    path: "/metrics",
    summary: "What an operator watches, in Prometheus' form",
    isOpen: true,
    mediaType: "text/plain",
  },
  {
    method: "get",
    path: "/feed.xml",
    summary: "The published stories as RSS 2.0",
    isOpen: true,
    mediaType: "application/rss+xml",
  },
  {
    method: "get",
    path: "/feed.json",
    summary: "The published stories as JSON Feed 1.1",
    isOpen: true,
    mediaType: "application/feed+json",
  },
];
