import { Skeleton } from "../ui/skeleton";

/** [BO11] What stands where the text will be, before the server has told it. */
export function StorySkeleton() {
  return (
    <output aria-busy="true" aria-label="The text is being fetched" className="block pt-14">
      <Skeleton className="h-10 w-11/12" />
      <Skeleton className="mt-3 h-10 w-2/3" />
      <Skeleton className="mt-6 h-6 w-full" />
      <Skeleton className="mt-2 h-6 w-3/4" />
      <Skeleton className="mt-8 h-4 w-1/3" />
      {["w-full", "w-11/12", "w-full", "w-4/5", "w-full", "w-2/3"].map((width, index) => (
        // A drawing: its lines have no identity.
        // oxlint-disable-next-line react/no-array-index-key
        <Skeleton key={index} className={`mt-4 h-5 ${width}`} />
      ))}
    </output>
  );
}
