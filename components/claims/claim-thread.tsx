"use client";
/** The comments on a claim, replies under what they answer. */
import { CornerDownRight } from "lucide-react";
import { useState } from "react";
import type { Claim, Comment } from "@/domain/claims/claim";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { TextArea } from "../ui/text-input";
import { TimeAgo } from "../ui/time-ago";
import { useAsking } from "../ui/use-asking";
import type { ClaimActs } from "./use-claims";
import { useDraft } from "./use-draft";

type ThreadProps = { readonly claim: Claim; readonly mayComment: boolean; readonly acts: ClaimActs };

export function ClaimThread({ claim, mayComment, acts }: ThreadProps) {
  const [answering, setAnswering] = useState<string | null>(null);
  const saidFirst = (comment: Comment): Comment => {
    const answered = claim.thread.find(({ id }) => id === comment.replyTo);
    return answered ? saidFirst(answered) : comment;
  };
  /** Replies to replies too, in the order in which they came. */
  const repliesTo = (id: string) =>
    claim.thread.filter((comment) => comment.replyTo !== null && saidFirst(comment).id === id);
  const send = (replyTo?: string) => async (text: string) => {
    const answer = await acts.comment(claim.id, text, replyTo);
    if ("problem" in answer) return answer.problem.title;
    setAnswering(null);
    return null;
  };
  return (
    <section aria-label="Comments" className="flex flex-col gap-2">
      <h3 className="text-xs font-semibold text-ink-soft">Comments</h3>
      {claim.thread.length === 0 ? null : (
        <ul className="flex flex-col gap-2.5">
          {claim.thread
            .filter((comment) => comment.replyTo === null)
            .map((comment) => (
              <li key={comment.id}>
                <CommentShown comment={comment} />
                <ul className="mt-2 ml-4 flex flex-col gap-2 border-l pl-3">
                  {repliesTo(comment.id).map((reply) => (
                    <li key={reply.id}>
                      <CommentShown comment={reply} />
                    </li>
                  ))}
                </ul>
                {!mayComment ? null : answering === comment.id ? (
                  <CommentForm
                    draft={[claim.id, `reply to ${comment.id}`]}
                    label={`Reply to ${comment.by.name}`}
                    onSend={send(comment.id)}
                    onCancel={() => setAnswering(null)}
                  />
                ) : (
                  <Button
                    size="small"
                    look="quiet"
                    className="mt-0.5 ml-3 h-6"
                    icon={<CornerDownRight size={13} aria-hidden />}
                    onClick={() => setAnswering(comment.id)}
                  >
                    Reply
                  </Button>
                )}
              </li>
            ))}
        </ul>
      )}
      {mayComment && answering === null ? (
        <CommentForm draft={[claim.id, "comment"]} label="Comment" onSend={send()} />
      ) : null}
    </section>
  );
}

function CommentShown({ comment }: { readonly comment: Comment }) {
  return (
    <div className="flex gap-2">
      <Avatar person={comment.by} size="small" />
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-ink-faint">
          <span className="font-medium text-ink">{comment.by.name}</span>
          <TimeAgo at={comment.at} />
        </p>
        <p className="leading-5 break-words whitespace-pre-wrap">{comment.text}</p>
      </div>
    </div>
  );
}

type CommentFormProps = {
  /** Where its words are kept until they are sent. */
  readonly draft: Parameters<typeof useDraft>;
  readonly label: string;
  /** Answers with a sentence when it was refused; the words stay. */
  readonly onSend: (text: string) => Promise<string | null>;
  readonly onCancel?: () => void;
};

function CommentForm({ draft, label, onSend, onCancel }: CommentFormProps) {
  const [text, setText] = useDraft(...draft);
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const send = () => {
    const said = text.trim();
    if (!said) return;
    ask(async () => {
      const refused = await onSend(said);
      setProblem(refused);
      if (refused === null) setText("");
    });
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Field label={label} labelHidden>
        {(ties) => (
          <TextArea
            {...ties}
            rows={1}
            className="min-h-9"
            placeholder={`${label} …`}
            maxLength={5000}
            value={text}
            autoFocus={onCancel !== undefined}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                send();
              }
            }}
          />
        )}
      </Field>
      <FormProblem sentence={problem} />
      {text.trim() || onCancel ? (
        <div className="flex justify-end gap-2">
          {onCancel ? (
            <Button size="small" look="quiet" onClick={onCancel}>
              Cancel
            </Button>
          ) : null}
          <Button size="small" type="submit" busy={busy} disabled={!text.trim()}>
            Send
          </Button>
        </div>
      ) : null}
    </form>
  );
}
