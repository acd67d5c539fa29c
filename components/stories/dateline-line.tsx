"use client";
import { PencilLine } from "lucide-react";
import type { Story } from "@/domain/stories/story";

type DatelineLineProps = {
  readonly story: Pick<Story, "dateline" | "byline" | "lang">;
  /** To the boxes where they are edited; left out for those who may not. */
  readonly onEdit?: (() => void) | undefined;
};

/** Place, date and names as readers will see them, under the standfirst. */
export function DatelineLine({ story, onEdit }: DatelineLineProps) {
  const { dateline, byline } = story;
  const date = dateline.date
    ? new Date(`${dateline.date}T00:00:00Z`).toLocaleDateString("en-GB", {
        day: "numeric",
        month: "long",
        year: "numeric",
        timeZone: "UTC",
      })
    : null;
  return (
    <div className="mt-5 flex items-center justify-between gap-3 border-y py-2.5 text-sm leading-5 text-ink-soft">
      <p className="min-w-0">
        {dateline.place ? (
          <span className="font-semibold tracking-wide text-ink uppercase">{dateline.place}</span>
        ) : (
          <span className="text-ink-faint italic">No place</span>
        )}
        {", "}
        {date ?? <span className="text-ink-faint italic">no date</span>}
        <span aria-hidden className="mx-2 text-ink-faint">
          ·
        </span>
        {byline.length > 0 ? (
          <>
            By <span className="text-ink">{namesInOneLine(byline)}</span>
          </>
        ) : (
          <span className="text-ink-faint italic">No byline</span>
        )}
      </p>
      {onEdit ? (
        <button
          type="button"
          onClick={onEdit}
          className="inline-flex shrink-0 items-center gap-1.5 rounded-md px-2 py-1 text-xs font-medium text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:min-h-11"
        >
          <PencilLine size={13} aria-hidden />
          Edit
          <span className="sr-only"> dateline and byline</span>
        </button>
      ) : null}
    </div>
  );
}

const inOneLine = new Intl.ListFormat("en", { type: "conjunction" });
const namesInOneLine = (names: readonly string[]) => inOneLine.format(names);
