/** Rows of the record, as a person reads them; the hash is there for who wants to compare it. */
import type { RecordLine } from "@/domain/record/act";
import { TimeAgo } from "../ui/time-ago";
import { actSentence } from "./act-sentence";

export function RecordList({ lines }: { readonly lines: readonly RecordLine[] }) {
  return (
    <ol className="flex flex-col divide-y">
      {lines.map((line) => (
        <li key={line.seq} className="py-2 text-sm leading-5 break-words">
          <span className="font-medium">{line.personName ?? "Linecheck"}</span>{" "}
          <span className="text-ink-soft">{actSentence(line)}</span>
          <span className="block text-xs text-ink-faint">
            <TimeAgo at={line.at} />
            <span title={line.hash}>
              {" "}
              · row {line.seq}, <span className="font-mono">{line.hash.slice(0, 10)}</span>
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}
