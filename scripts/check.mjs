/**
 * `npm run check`: types, linter, formatting, import rules, dead code, the lock file. Exit code 1 on a breach.
 * The pages' types want Next's generated ones first.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { install, root } from "./steps.mjs";

install();
const bin = (path) => join(root, "node_modules", path);
const typeCheck = (folder, project = folder) => ({
  name: `types in ${folder}`,
  args: [bin("typescript/bin/tsc"), "-p", project],
});
const checks = [
  { name: "generated page types", args: [bin("next/dist/bin/next"), "typegen"] },
  typeCheck("app", "."),
  ...["components", "domain", "server", "e2e", "bench"].map((folder) => typeCheck(folder)),
  { name: "types in domain's tests", args: [bin("typescript/bin/tsc"), "-p", "domain/tsconfig.test.json"] },
  { name: "linter", args: [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", "."] },
  { name: "formatting", args: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."] },
  { name: "import rules", args: [join(root, "scripts/check-imports.mjs")] },
  { name: "dead code", args: [bin("knip/bin/knip.js"), "--no-progress"] },
  { name: "lock file", args: [join(root, "scripts/check-lock.mjs")] },
];

let failed = 0;
for (const { name, args } of checks) {
  const startedMs = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`ok      ${name} (${seconds} s)`);
    continue;
  }
  failed += 1;
  console.error(`${stdout}${stderr}`);
  console.error(`BREACH  ${name} (${seconds} s)`);
}
console.log(`Checks: ${String(checks.length - failed)} passed, ${String(failed)} failed`);
process.exit(failed === 0 ? 0 : 1);
