/** The lock file holds every platform's binaries, keeps exact peers together and names no registry. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What is wrong with a parsed package-lock.json, one line each. */
export function lockBreaches({ packages }) {
  const byName = new Map(
    Object.entries(packages).map(([path, one]) => [path.replace(/^.*node_modules\//, ""), one]),
  );
  const breaches = [];
  for (const [path, one] of Object.entries(packages)) {
    for (const name of Object.keys(one.optionalDependencies ?? {})) {
      if (!byName.has(name))
        breaches.push(`${name}, optional for ${path || "the project"}, is not in the lock file`);
    }
    for (const [name, range] of Object.entries(one.peerDependencies ?? {})) {
      const found = packages[`node_modules/${name}`];
      if (/^\d[^ |]*$/.test(range) && found && found.version !== range) {
        breaches.push(`${path} wants its peer ${name} at ${range}, the lock file has ${found.version}`);
      }
    }
    if (one.resolved) breaches.push(`${path} names where it was fetched from`);
  }
  return breaches;
}

if (process.argv[1] === import.meta.filename) {
  const breaches = lockBreaches(
    JSON.parse(readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8")),
  );
  for (const breach of breaches) console.error(breach);
  process.exit(breaches.length === 0 ? 0 : 1);
}
