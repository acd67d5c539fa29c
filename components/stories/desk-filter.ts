/** What of the desk is shown: kept in the page's address, so that it can be sent to a colleague and survives a reload. */
import { statuses, type DeskStory, type Status } from "@/domain/stories/story";

export type DeskFilter = {
  readonly status: Status | null;
  /** Only stories in which a claim is assigned to me. */
  readonly mine: boolean;
  readonly words: string;
};

const isStatus = (value: string | null): value is Status => statuses.some((status) => status === value);

/** Reads the address; what makes no sense there is left out. */
export function filterFrom(params: URLSearchParams): DeskFilter {
  const status = params.get("status");
  return {
    status: isStatus(status) ? status : null,
    mine: params.get("assignee") === "me",
    words: params.get("q") ?? "",
  };
}

/** The address's query for this filter beside what else stands there; an empty string for none. */
export function queryOf(filter: DeskFilter, params: URLSearchParams): string {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put("status", filter.status);
  put("assignee", filter.mine ? "me" : null);
  put("q", filter.words);
  const query = next.toString();
  return query ? `?${query}` : "";
}

/** The stories with this status and assignee, in the order given. The words were the server's to find. */
export function shownOf(
  stories: readonly DeskStory[],
  filter: Pick<DeskFilter, "status" | "mine">,
  personId: string,
): readonly DeskStory[] {
  return stories.filter(
    (story) =>
      (filter.status === null || story.status === filter.status) &&
      (!filter.mine || story.assignees.includes(personId)),
  );
}
