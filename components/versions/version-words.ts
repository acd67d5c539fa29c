import type { VersionCause } from "@/domain/versions/version";

const moved: Readonly<Record<Extract<VersionCause, { cause: "move" }>["to"], string>> = {
  draft: "Sent back to draft",
  checking: "Sent to checking",
  approved: "Approved",
  published: "Published",
  spiked: "Spiked",
};

/** Why a version was kept, as its title. */
export function versionTitle(why: VersionCause): string {
  switch (why.cause) {
    case "move":
      return moved[why.to];
    case "sweep":
      return "Before much of it was deleted";
    case "restore":
      return `Before version ${String(why.of)} was restored`;
    case "import":
      return "Before an import";
  }
}
