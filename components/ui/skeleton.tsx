import { classNames } from "./class-names";

/** The shape of something that is on its way; the list around it says `aria-busy`. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={classNames("animate-pulse rounded-md bg-hover", className)} />;
}
