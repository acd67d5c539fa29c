/** The addresses of the pages under `app/`, as patterns: few enough to count by. */
export const pageRoutes: readonly string[] = [
  "/",
  "/account",
  "/link",
  "/people",
  "/read/:slug",
  "/record",
  "/sign-in",
  "/stories/:id",
];

/** Scripts, styles and pictures of the pages. */
export const isAsset = (path: string) => path.startsWith("/_next/") || path === "/icon.svg";

export function pageRouteOf(path: string): string {
  if (isAsset(path)) return "/_next/*";
  const parts = path.split("/");
  const fits = (pattern: string) => {
    const wanted = pattern.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((part, at) => (part.startsWith(":") ? parts[at] !== "" : part === parts[at]))
    );
  };
  return pageRoutes.find(fits) ?? "other";
}
