/** Where to go after signing in: only a page of this site (an address elsewhere would be a trap), else the desk. */
export function nextPage(asked: string | null | undefined): string {
  if (!asked || !/^\/(?![/\\])/.test(asked)) return "/";
  // Browsers drop tabs and line breaks inside an address, which could turn "/\t/" into "//".
  if (/[\t\r\n]/.test(asked) || asked.startsWith("/sign-in") || asked.startsWith("/link")) return "/";
  return asked;
}
