/** Rows of the record, as a person reads them; the hash is there for who wants to compare it. */
import type { RecordLine } from "@/domain/record/act";
import { Disclosure } from "../ui/disclosure";
import { TimeAgo } from "../ui/time-ago";
import { actSentence } from "./act-sentence";
import { editSentence, entriesOf, type EditLine } from "./edit-sentence";

const server = "Linecheck";
const inOneLine = new Intl.ListFormat("en", { type: "conjunction" });

export function RecordList({ lines }: { readonly lines: readonly RecordLine[] }) {
  return (
    <ol className="flex flex-col divide-y">
      {entriesOf(lines).map((entry) => {
        if ("seq" in entry)
          return <Row key={entry.seq} line={entry} what={actSentence(entry)} at={entry.at} />;
        const [first] = entry;
        if (!first) return null;
        return entry.length === 1 ? (
          <EditsRow key={first.line.seq} of={first} />
        ) : (
          <EditsTogether key={first.line.seq} of={entry} />
        );
      })}
    </ol>
  );
}

const rowLook = "py-2 text-sm leading-5 break-words";

type RowProps = { readonly line: RecordLine; readonly what: string; readonly at: string };

function Row({ line, what, at }: RowProps) {
  return (
    <li className={rowLook}>
      <span className="font-medium">{line.personName ?? server}</span>{" "}
      <span className="text-ink-soft">{what}</span>
      <span className="block text-xs text-ink-faint">
        <TimeAgo at={at} />
        <span title={line.hash}>
          {" "}
          · row {line.seq}, <span className="font-mono">{line.hash.slice(0, 10)}</span>
        </span>
      </span>
    </li>
  );
}

/** The time is that of the last change, not of its recording. */
function EditsRow({ of }: { readonly of: EditLine }) {
  return <Row line={of.line} what={editSentence([of])} at={of.edits.ended} />;
}

/** Edits between two other acts, in one: each person's rows are behind it. */
function EditsTogether({ of }: { readonly of: readonly EditLine[] }) {
  const names = new Set(of.map(({ line }) => line.personName ?? server));
  const people = names.size > 1 ? [...names].filter((name) => name !== server) : [...names];
  const ended = of.map(({ edits }) => edits.ended).reduce((a, b) => (a > b ? a : b));
  return (
    <li className={rowLook}>
      <span className="font-medium">{inOneLine.format(people)}</span>{" "}
      <span className="text-ink-soft">{editSentence(of)}</span>
      <span className="block text-xs text-ink-faint">
        <TimeAgo at={ended} />
      </span>
      <div className="mt-1">
        <Disclosure title={`${String(of.length)} rows`}>
          <ol className="flex flex-col divide-y border-l pl-3">
            {of.map((one) => (
              <EditsRow key={one.line.seq} of={one} />
            ))}
          </ol>
        </Disclosure>
      </div>
    </li>
  );
}
