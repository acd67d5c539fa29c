"use client";
/** What has changed between a kept version and the text as it is now. */
import type { BlockDiff, Piece, VersionLine } from "@/domain/versions/version";
import { classNames } from "../ui/class-names";
import { Dialog } from "../ui/dialog";
import { Skeleton } from "../ui/skeleton";
import { useVersionDiff } from "./use-versions";

type CompareDialogProps = {
  readonly storyId: string;
  readonly lang: string;
  readonly line: VersionLine;
  readonly onClose: () => void;
};

export function CompareDialog({ storyId, lang, line, onClose }: CompareDialogProps) {
  const diff = useVersionDiff(storyId, line.n, "now");
  const changed = diff.data?.blocks.some((block) => block.change !== "same");
  const details = [
    { name: "Dateline", change: diff.data?.dateline },
    { name: "Byline", change: diff.data?.byline },
  ].flatMap(({ name, change }) => (change ? [{ name, ...change }] : []));
  return (
    <Dialog
      wide
      open
      onOpenChange={onClose}
      title={`Version ${String(line.n)} and now`}
      description="Struck through: only in the version. Underlined: only in the text as it is now."
    >
      {diff.isPending ? <Skeleton className="h-40" /> : null}
      {diff.isError ? (
        <p role="alert" className="text-sm text-red">
          They could not be compared. Close and try again.
        </p>
      ) : null}
      {diff.data && !changed && details.length === 0 ? (
        <p className="mb-3 text-sm text-ink-soft">They are the same.</p>
      ) : null}
      {details.map(({ name, was, now }) => (
        <p key={name} className="mb-2 text-sm">
          <span className="text-ink-faint">{name}:</span> <del>{was || "none"}</del>{" "}
          <ins>{now || "none"}</ins>
        </p>
      ))}
      <div lang={lang} className="story-text text-base">
        {diff.data?.blocks.map((block, index) => (
          // Blocks of a comparison have no name of their own, and the comparison never changes its order.
          // oxlint-disable-next-line react/no-array-index-key
          <Block key={index} block={block} />
        ))}
      </div>
    </Dialog>
  );
}

const forms: Readonly<Record<BlockDiff["form"], string>> = {
  paragraph: "",
  heading: "font-semibold",
  "list-item": "ml-6 list-item list-disc",
  quote: "border-l-2 pl-4",
};

function Block({ block }: { readonly block: BlockDiff }) {
  return (
    <p className={classNames(forms[block.form], block.field === "headline" && "text-xl font-semibold")}>
      {block.pieces.map((piece, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Words key={index} piece={piece} />
      ))}
      {block.change === "reformed" ? (
        <span className="ml-2 font-sans text-xs text-ink-faint">same words, other form</span>
      ) : null}
    </p>
  );
}

function Words({ piece }: { readonly piece: Piece }) {
  switch (piece.kind) {
    case "same":
      return piece.text;
    case "gone":
      return (
        <del className="mr-0.5 rounded-sm bg-red-soft text-red">
          <span className="sr-only">was </span>
          {piece.text}
        </del>
      );
    case "new":
      return (
        <ins className="rounded-sm bg-good-soft text-good decoration-1 underline-offset-4">
          <span className="sr-only">now </span>
          {piece.text}
        </ins>
      );
  }
}
