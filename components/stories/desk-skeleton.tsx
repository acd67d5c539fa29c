import { Skeleton } from "../ui/skeleton";

/** The desk's shape while it is on its way. */
export function DeskSkeleton() {
  return (
    <main id="content" aria-busy className="mx-auto max-w-7xl px-4 pt-19 sm:px-6 sm:pt-21">
      <h1 className="sr-only">The desk is loading</h1>
      <Skeleton className="mb-5 h-9 w-28" />
      <Skeleton className="mb-4 h-9 w-full max-w-xl" />
      <div className="divide-y rounded-lg border bg-raised">
        {[0, 1, 2, 3, 4].map((row) => (
          <div key={row} className="flex gap-6 px-5 py-4">
            <Skeleton className="h-5 w-20 rounded-full" />
            <div className="flex-1 space-y-2">
              <Skeleton className="h-4 w-3/5" />
              <Skeleton className="h-3.5 w-2/5" />
            </div>
            <Skeleton className="h-4 w-24 max-sm:hidden" />
          </div>
        ))}
      </div>
    </main>
  );
}
