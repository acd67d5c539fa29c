/**
 * Who may import whom (docs/ARCHITECTURE.md). Reads every import, type imports too, and reports breaches:
 *
 * [I1] domain knows only domain and the pure libraries that an ADR names; components never server or app; server
 *      never components, app, React or Next; app only components and domain; nobody e2e, bench or scripts.
 * [I2] A capability knows only those before it, in domain, server and components alike.
 * [I3] Another capability's tables and store are its own; a table may name another table for a foreign key.
 * [I4] No cycles.
 * [I5] No barrels, no folders named for a technique.
 * [I6] domain is pure: no clock, no chance, nothing asynchronous.
 */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { parseSync } from "oxc-parser";

export const capabilities = [
  "record",
  "people",
  "stories",
  "body",
  "claims",
  "facts",
  "versions",
  "workflow",
  "publishing",
  "notifications",
  "search",
];
const houseFolders = ["app", "components", "domain", "server", "e2e", "bench"];
const mayImport = {
  app: ["app", "components", "domain"],
  components: ["components", "domain"],
  domain: ["domain"],
  server: ["server", "domain"],
  e2e: ["e2e", "domain"],
  bench: ["bench", "domain", "server", "components", "e2e"],
};
/** The pure libraries of docs/adr/0003-pure-libraries.md. */
const pureLibraries = [
  "zod",
  "yjs",
  "lib0",
  "prosemirror-model",
  "@noble/hashes",
  "approx-string-match",
  "diff",
];
const never = {
  server: [/^react($|\/)/, /^react-dom($|\/)/, /^@tiptap\/react/],
  components: [/^node:/, /^pg$/, /^drizzle-orm/, /^hono/],
  app: [/^node:/, /^pg$/, /^drizzle-orm/, /^hono/],
};
const techniqueFolders = /^(services|models|hooks|utils|util|helpers|types|common|lib|shared)$/;
const impure = [
  [/\bnew Date\(\s*\)/, "no clock: take the instant as a parameter"],
  [/\bDate\.now\b/, "no clock: take the instant as a parameter"],
  [/\bMath\.random\b/, "no chance: take it as a parameter"],
  [/\basync\b(?=\s*(function|\(|[\w$]+\s*=>))|\bawait\s/, "nothing asynchronous"],
];
const isTest = (path) => /(\.test\.tsx?$|(^|\/)test-[\w-]+\.tsx?$)/.test(path);

function* sourceFiles(root, folder) {
  const whole = join(root, folder);
  if (!existsSync(whole)) return;
  for (const entry of readdirSync(whole, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(root, path);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) yield path.split(sep).join("/");
  }
}

/** Every specifier that a file imports, re-exports or loads later: `{from, line, typeOnly}`. */
function importsOf(path, text) {
  const { module } = parseSync(path, text);
  const line = (offset) => text.slice(0, offset).split("\n").length;
  const found = [];
  for (const one of module.staticImports) {
    const typeOnly = one.entries.length > 0 && one.entries.every((entry) => entry.isType);
    found.push({ from: one.moduleRequest.value, line: line(one.start), typeOnly });
  }
  for (const one of module.staticExports) {
    for (const entry of one.entries) {
      if (entry.moduleRequest) {
        found.push({ from: entry.moduleRequest.value, line: line(one.start), typeOnly: entry.isType });
      }
    }
  }
  for (const one of module.dynamicImports) {
    const literal = /^["'`](.*)["'`]$/s.exec(text.slice(one.moduleRequest.start, one.moduleRequest.end));
    if (literal) found.push({ from: literal[1], line: line(one.start), typeOnly: false, later: true });
  }
  return found;
}

/** The file that a specifier means, as a path from the root; undefined for a package or what is no source file. */
function resolveOwn(root, importer, from) {
  const base = from.startsWith("@/")
    ? from.slice(2)
    : from.startsWith(".")
      ? normalize(join(dirname(importer), from))
      : undefined;
  if (base === undefined) return undefined;
  for (const candidate of [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`, `${base}/index.tsx`]) {
    const whole = join(root, candidate);
    if (existsSync(whole) && statSync(whole).isFile()) return candidate.split(sep).join("/");
  }
  return undefined;
}

const place = (path) => {
  const [top, second] = path.split("/");
  return { top, capability: capabilities.includes(second) ? second : undefined };
};

function breachOfOwn(importer, target) {
  const here = place(importer);
  const there = place(target);
  if (!(mayImport[here.top] ?? houseFolders).includes(there.top)) {
    return `[I1] ${here.top}/ may not import from ${there.top}/`;
  }
  if (here.top !== there.top) return undefined;
  const test = isTest(importer);
  if (!test && here.capability && there.capability) {
    if (capabilities.indexOf(there.capability) > capabilities.indexOf(here.capability)) {
      return `[I2] ${here.capability} may not know ${there.capability}`;
    }
  }
  if (!test && here.top === "server" && there.capability && here.capability !== there.capability) {
    const fromTable = importer.endsWith("-tables.ts");
    if (target.endsWith("-tables.ts") && !fromTable)
      return `[I3] the tables of ${there.capability} are its own`;
    if (target.endsWith("-store.ts") && here.capability)
      return `[I3] the store of ${there.capability} is its own`;
  }
  return undefined;
}

function breachOfPackage(importer, from) {
  const { top } = place(importer);
  if (isTest(importer)) return undefined;
  if (top === "domain" && !pureLibraries.some((name) => from === name || from.startsWith(`${name}/`))) {
    return `[I1] domain/ may not import ${from}`;
  }
  if (top === "server" && importer !== "server/http/pages.ts" && /^next($|\/)/.test(from)) {
    return `[I1] only server/http/pages.ts may import ${from}`;
  }
  if ((never[top] ?? []).some((pattern) => pattern.test(from))) return `[I1] ${top}/ may not import ${from}`;
  return undefined;
}

/** Each ring of files that import one another at run time, as a list of paths. */
function cyclesIn(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const rings = [];
  const visit = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node), low.get(next)));
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node), index.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const ring = stack.splice(stack.indexOf(node));
    if (ring.length > 1 || (graph.get(node) ?? []).includes(node)) rings.push(ring);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return rings;
}

/** All breaches under `root`, one line each; none is an empty list. */
export function importBreaches(root) {
  const breaches = [];
  const graph = new Map();
  for (const folder of houseFolders) {
    for (const path of sourceFiles(root, folder)) {
      const parts = path.split("/");
      if (/^index\.tsx?$/.test(parts.at(-1)))
        breaches.push(`${path}: [I5] no barrels: name the file for what it holds`);
      const technique = parts.slice(0, -1).find((part) => techniqueFolders.test(part));
      if (technique)
        breaches.push(`${path}: [I5] no folder is called ${technique}: name it for what it is about`);
      const text = readFileSync(join(root, path), "utf8");
      if (folder === "domain" && !isTest(path)) {
        for (const [index, line] of text.split("\n").entries()) {
          if (/^\s*(\/\/|\*|\/\*)/.test(line)) continue;
          const found = impure.find(([pattern]) => pattern.test(line));
          if (found) breaches.push(`${path}:${index + 1}: [I6] ${found[1]}`);
        }
      }
      const targets = [];
      for (const { from, line, typeOnly, later } of importsOf(path, text)) {
        const own = resolveOwn(root, path, from);
        if (own && !typeOnly && !later) targets.push(own);
        const isOwnSpecifier = from.startsWith(".") || from.startsWith("@/");
        const breach = own
          ? breachOfOwn(path, own)
          : isOwnSpecifier
            ? undefined
            : breachOfPackage(path, from);
        if (breach) breaches.push(`${path}:${line}: ${breach} (${from})`);
      }
      graph.set(path, targets);
    }
  }
  for (const ring of cyclesIn(graph)) breaches.push(`[I4] import cycle: ${[...ring].sort().join(" ↔ ")}`);
  return breaches;
}

if (process.argv[1] === import.meta.filename) {
  const breaches = importBreaches(join(import.meta.dirname, ".."));
  for (const breach of breaches) console.error(breach);
  process.exit(breaches.length === 0 ? 0 : 1);
}
