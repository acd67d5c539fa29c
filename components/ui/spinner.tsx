import { LoaderCircle } from "lucide-react";

/** Decoration beside words that say what is going on. */
export function Spinner({ size = 16 }: { readonly size?: number }) {
  return <LoaderCircle size={size} aria-hidden className="animate-spin" />;
}
