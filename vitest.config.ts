import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = { "@/": fileURLToPath(new URL("./", import.meta.url)) };
const serverTests = {
  environment: "node",
  include: ["server/**/*.test.ts"],
  globalSetup: ["./server/store/test-servers.ts"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** The server's tests run twice, on the embedded store and on PostgreSQL over TCP (DATABASE_URL's, if given). */
export default defineConfig({
  resolve: { alias },
  test: {
    // For two cores: the tests of whole servers wait half of their time.
    maxWorkers: 3,
    // A worker reads each module once, not once for each of its files: that took a quarter of the time.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: "domain",
          environment: "node",
          include: ["domain/**/*.test.ts", "scripts/**/*.test.mjs", "bench/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        oxc: { jsx: { runtime: "automatic" } },
        test: {
          name: "components",
          environment: "happy-dom",
          include: ["components/**/*.test.{ts,tsx}", "app/**/*.test.{ts,tsx}"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        // Several processes need a PostgreSQL server; what starts whole servers is tried on one store.
        test: {
          ...serverTests,
          name: "server on embedded",
          exclude: [
            "server/processes*.test.ts",
            "server/backup.test.ts",
            "server/planted-secrets.test.ts",
            "server/chaos/chaos.test.ts",
          ],
        },
      },
      {
        extends: true,
        // How the embedded store starts and survives is no matter of a PostgreSQL server's; nor are the process's start
        // and end, the way to Redis and broken WebSocket frames.
        test: {
          ...serverTests,
          name: "server on PostgreSQL",
          exclude: [
            "server/store/embedded.test.ts",
            "server/main.test.ts",
            "server/events/redis-exchange.test.ts",
            "server/events/look-again.test.ts",
            "server/body/wire-abuse.test.ts",
          ],
        },
      },
    ],
  },
});
