/** Where a request comes from. */
/** The address of a call that came through no socket. */
export const inProcess = "in-process";

/**
 * The client's address: the socket's, or with `proxies` reverse proxies in front the one that the outermost of them
 * saw, counted from the right of X-Forwarded-For (what stands left of it anybody may have written).
 */
export function clientAddress(
  request: {
    readonly forwardedFor: string | null | undefined;
    readonly socketAddress: string | undefined;
  },
  proxies: number,
): string {
  const direct = request.socketAddress ?? inProcess;
  if (proxies === 0) return direct;
  const seen = (request.forwardedFor ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return seen[seen.length - proxies] ?? direct;
}

/** What tries are counted by: an IPv4 address, or the network (/64) of an IPv6 one, which one household has whole. */
export function clientKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: zeros }, () => "0"), ...back];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
