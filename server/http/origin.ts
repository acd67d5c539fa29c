/** Every call that changes something, and both sockets, refuse an Origin other than the newsroom's own. */

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Says whether this Origin header is the newsroom's. Without one (a program) it is: the cookie suffices. On loopback
 * the three names of the machine count as one, with the same port.
 */
export function ownOrigin(url: string): (origin: string | null | undefined) => boolean {
  const own = new URL(url);
  const names = loopbackNames.includes(own.hostname) ? loopbackNames : [own.hostname];
  const origins = new Set(
    names.map((name) => {
      const same = new URL(own);
      same.hostname = name;
      return same.origin;
    }),
  );
  return (origin) => origin === null || origin === undefined || origins.has(origin);
}
