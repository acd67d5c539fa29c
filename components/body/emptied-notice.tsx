"use client";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { askServer } from "../ui/ask-server";
import { Button } from "../ui/button";
import { useLiveEvents } from "../ui/live-events";
import { useAsking } from "../ui/use-asking";

type EmptiedNoticeProps = { readonly storyId: string; readonly mayRestore: boolean };

/** [BO9] Most of the text went at one stroke: says who did it and offers the version kept just before. */
export function EmptiedNotice({ storyId, mayRestore }: EmptiedNoticeProps) {
  const [emptied, setEmptied] = useState<{ readonly by: string; readonly version: number } | null>(null);
  const { busy, ask } = useAsking();
  useLiveEvents(
    (event) => {
      if (event.type === "emptied") setEmptied({ by: event.by.name, version: event.version });
    },
    { storyId },
  );
  if (!emptied) return null;
  const restore = () =>
    ask(async () => {
      const path = `/api/stories/${storyId}/versions/${String(emptied.version)}/restore`;
      const answer = await askServer({ method: "POST", path, body: {} });
      if ("problem" in answer) toast(answer.problem.title);
      else {
        toast("The text is back");
        setEmptied(null);
      }
    });
  return (
    <section
      role="alert"
      aria-label="Most of the text was deleted"
      className="mb-6 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-red/30 bg-red-soft px-4 py-3 text-sm"
    >
      <p className="text-ink">
        <strong className="font-semibold">{emptied.by}</strong> deleted most of the text. It was kept as
        version {emptied.version}.
      </p>
      <div className="flex gap-2">
        {mayRestore ? (
          <Button
            look="primary"
            size="small"
            busy={busy}
            icon={<Undo2 size={15} aria-hidden />}
            onClick={restore}
          >
            Restore
          </Button>
        ) : null}
        <Button look="quiet" size="small" onClick={() => setEmptied(null)}>
          Leave it so
        </Button>
      </div>
    </section>
  );
}
