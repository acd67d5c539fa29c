"use client";
/** A kept version to read, and the way back to it. */
import { useState } from "react";
import { toast } from "sonner";
import type { VersionLine } from "@/domain/versions/version";
import { StoryBlocks } from "../body/story-blocks";
import { Button } from "../ui/button";
import { Dialog, DialogButtons } from "../ui/dialog";
import { FormProblem } from "../ui/form-problem";
import { Skeleton } from "../ui/skeleton";
import { useAsking } from "../ui/use-asking";
import { useRestore, useVersion } from "./use-versions";
import { versionTitle } from "./version-words";

type VersionDialogProps = {
  readonly storyId: string;
  readonly lang: string;
  readonly line: VersionLine;
  readonly mayRestore: boolean;
  readonly onClose: () => void;
};

export function VersionDialog({ storyId, lang, line, mayRestore, onClose }: VersionDialogProps) {
  const version = useVersion(storyId, line.n);
  const restore = useRestore(storyId);
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const putBack = () =>
    ask(async () => {
      const answer = await restore(line.n);
      if ("problem" in answer) return setProblem(answer.problem.title);
      toast(`Version ${String(line.n)} is restored. What stood there before is a version too.`);
      onClose();
    });
  return (
    <Dialog
      wide
      open
      onOpenChange={onClose}
      title={`Version ${String(line.n)}: ${versionTitle(line.why)}`}
      description={
        line.authors.length > 0 ? `Written by ${line.authors.map((one) => one.name).join(", ")}` : undefined
      }
    >
      {version.isPending ? <Skeleton className="h-60" /> : null}
      {version.isError ? (
        <p role="alert" className="text-sm text-red">
          It could not be fetched. Close and try again.
        </p>
      ) : null}
      {version.data ? (
        <article lang={lang} className="flex flex-col gap-4">
          <StoryBlocks blocks={version.data.content.headline} className="text-2xl font-semibold" />
          <StoryBlocks blocks={version.data.content.standfirst} className="text-ink-soft" />
          <p className="text-sm text-ink-faint">
            {[version.data.dateline.place, version.data.dateline.date, version.data.byline.join(", ")]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <StoryBlocks blocks={version.data.content.body} />
        </article>
      ) : null}
      <FormProblem sentence={problem} />
      <DialogButtons>
        <Button onClick={onClose}>Close</Button>
        {mayRestore ? (
          <Button look="primary" busy={busy} onClick={putBack}>
            Restore this version
          </Button>
        ) : null}
      </DialogButtons>
    </Dialog>
  );
}
