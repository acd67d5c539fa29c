import { classNames } from "./class-names";
import { personColour } from "./person-colour";

type Someone = { readonly id: string; readonly name: string };

const initials = (name: string) => {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.at(-1) : undefined;
  const first = (word: string) => Array.from(word)[0] ?? "";
  return `${first(words[0] ?? "?") || "?"}${last ? first(last) : ""}`.toLocaleUpperCase();
};

type AvatarProps = {
  readonly person: Someone;
  readonly size?: "small" | "medium";
  readonly className?: string;
};

/** A person as a coloured disc with initials; named for those who cannot see or do not know it. */
export function Avatar({ person, size = "medium", className }: AvatarProps) {
  return (
    <span
      title={person.name}
      style={{ backgroundColor: personColour(person.id), color: "#fff" }}
      className={classNames(
        "inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none",
        size === "small" ? "size-6 text-[0.625rem]" : "size-8 text-xs",
        className,
      )}
    >
      <span aria-hidden>{initials(person.name)}</span>
      <span className="sr-only">{person.name}</span>
    </span>
  );
}

type AvatarsProps = {
  readonly people: readonly Someone[];
  readonly most?: number;
  readonly label: string;
  /** Whose face a phone shows beside it already: named there, not drawn again. */
  readonly namedOnPhone?: string;
};

/** Several people, overlapping; those who do not fit are a number whose hover says their names. */
export function Avatars({ people, most = 4, label, namedOnPhone }: AvatarsProps) {
  const shown = people.slice(0, most);
  const rest = people.slice(most);
  return (
    <ul aria-label={label} className="flex items-center -space-x-0.5">
      {shown.map((person) => (
        <li
          key={person.id}
          className={classNames(
            "flex rounded-full ring-2 ring-raised",
            person.id === namedOnPhone && "max-sm:sr-only",
          )}
        >
          <Avatar person={person} size="small" />
        </li>
      ))}
      {rest.length > 0 ? (
        <li
          title={rest.map((person) => person.name).join(", ")}
          className="flex h-6 items-center rounded-full bg-grey-soft px-1.5 text-[0.6875rem] font-medium text-grey ring-2 ring-raised"
        >
          +{rest.length}
        </li>
      ) : null}
    </ul>
  );
}
