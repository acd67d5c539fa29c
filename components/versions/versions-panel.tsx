"use client";
/** The kept versions of a story: read one, compare it with the text as it is now, restore it. */
import { useState } from "react";
import type { VersionLine } from "@/domain/versions/version";
import { Button } from "../ui/button";
import { FetchFailed } from "../ui/fetch-failed";
import { Skeleton } from "../ui/skeleton";
import { TimeAgo } from "../ui/time-ago";
import { CompareDialog } from "./compare-dialog";
import { useVersions } from "./use-versions";
import { VersionDialog } from "./version-dialog";
import { versionTitle } from "./version-words";

type VersionsPanelProps = { readonly storyId: string; readonly lang: string; readonly mayRestore: boolean };

export function VersionsPanel({ storyId, lang, mayRestore }: VersionsPanelProps) {
  const versions = useVersions(storyId);
  const [reading, setReading] = useState<VersionLine | null>(null);
  const [comparing, setComparing] = useState<VersionLine | null>(null);
  return (
    <section aria-labelledby="versions-of-story">
      <h2 id="versions-of-story" className="text-sm font-semibold">
        Versions
      </h2>
      {versions.isPending ? <Skeleton className="mt-2 h-12" /> : null}
      {versions.isError ? <FetchFailed what="The versions" onRetry={() => void versions.refetch()} /> : null}
      {versions.data?.length === 0 ? (
        <p className="mt-2 text-sm leading-5 text-ink-faint">
          None yet. A version is kept at every step of the workflow, and before much of the text is deleted or
          replaced.
        </p>
      ) : null}
      <ol className="mt-1 flex flex-col divide-y">
        {versions.data?.map((version) => (
          <li key={version.n} className="py-2.5">
            <p id={`version-${String(version.n)}`} className="text-sm leading-5 font-medium">
              <span className="text-ink-faint tabular-nums">{version.n}</span> {versionTitle(version.why)}
            </p>
            <p className="text-xs text-ink-faint">
              {version.by ? `${version.by.name}, ` : ""}
              <TimeAgo at={version.at} /> · {version.wordCount} words
            </p>
            <div className="mt-1 -ml-2.5 flex gap-1">
              <Button
                size="small"
                look="quiet"
                aria-label={`Read version ${String(version.n)}`}
                onClick={() => setReading(version)}
              >
                Read
              </Button>
              <Button
                size="small"
                look="quiet"
                aria-describedby={`version-${String(version.n)}`}
                onClick={() => setComparing(version)}
              >
                Compare
              </Button>
            </div>
          </li>
        ))}
      </ol>
      {reading ? (
        <VersionDialog
          storyId={storyId}
          lang={lang}
          line={reading}
          mayRestore={mayRestore}
          onClose={() => setReading(null)}
        />
      ) : null}
      {comparing ? (
        <CompareDialog storyId={storyId} lang={lang} line={comparing} onClose={() => setComparing(null)} />
      ) : null}
    </section>
  );
}
