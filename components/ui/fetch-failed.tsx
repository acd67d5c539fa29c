import { Button } from "./button";

/** What stands in the place of something that could not be fetched. */
export function FetchFailed({ what, onRetry }: { readonly what: string; readonly onRetry: () => void }) {
  return (
    <div role="alert" className="mt-2 flex flex-col items-start gap-2 text-sm text-red">
      {what} could not be fetched.
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
