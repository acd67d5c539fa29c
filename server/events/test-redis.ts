/** For tests of several processes: a Redis of their own on a free port. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../store/test-servers";

const startWithinMs = 30_000;

export type TestRedis = {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** Told to end (SIGTERM), or killed. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** It answers nobody, and cuts nobody off, until it goes on. */
  readonly hang: () => void;
  readonly goOn: () => void;
};

/** Is there a Redis program to start one with? Says so where there is none. */
export async function hasRedis(): Promise<boolean> {
  const probe = spawn("redis-server", ["--version"], { stdio: "ignore" });
  const said: unknown[] = await Promise.race([once(probe, "exit"), once(probe, "error")]).catch(() => [1]);
  if (said[0] === 0) return true;
  console.warn("There is no redis-server here: the tests that need one are skipped.");
  return false;
}

/** Not started yet. */
export async function openTestRedis(): Promise<TestRedis> {
  const port = await freePort();
  let redis: ChildProcess | undefined;
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const probe = connect(port, "127.0.0.1", () => (probe.destroy(), resolve(true)));
      probe.on("error", () => resolve(false));
    });
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    start: async () => {
      redis = spawn(
        "redis-server",
        ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        { stdio: "ignore" },
      );
      const endMs = Date.now() + startWithinMs;
      while (!(await answers())) {
        if (redis.exitCode !== null || redis.signalCode !== null || Date.now() > endMs) {
          redis.kill("SIGKILL");
          throw new Error(`Redis does not start on port ${String(port)}.`);
        }
        await sleep(10);
      }
    },
    stop: async (signal = "SIGTERM") => {
      if (!redis || redis.exitCode !== null || redis.signalCode !== null) return;
      const ended = once(redis, "exit");
      redis.kill("SIGCONT");
      redis.kill(signal);
      await ended;
    },
    hang: () => redis?.kill("SIGSTOP"),
    goOn: () => redis?.kill("SIGCONT"),
  };
}
