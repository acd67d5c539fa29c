/** A TCP line that can be cut, held up and slowed down: between people and servers, servers and their stores. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Proxy = {
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  /** Every open connection ends at once. */
  readonly cut: () => void;
  /** Half-open: nothing passes and nothing ends; newcomers wait too. */
  readonly stall: () => void;
  /** Everything that passes takes so much longer. */
  readonly slow: (byMs: number) => void;
  /** Lets pass what waits, at full speed. */
  readonly clear: () => void;
  readonly close: () => Promise<void>;
};

/** Leads to this port of 127.0.0.1, whoever listens there; nobody: the connection is refused. */
export async function openProxy(targetPort: number): Promise<Proxy> {
  const open = new Set<Socket>();
  let delayMs = 0;
  let goOn: (() => void) | undefined;
  let stalled: Promise<void> | undefined;

  /** What is being waited for; undefined: nothing. */
  const gate = () => stalled ?? (delayMs > 0 ? sleep(delayMs) : undefined);

  /** One direction: in order, one piece after the other. */
  function relay(from: Socket, to: Socket): void {
    open.add(from);
    const pass = (work: () => void) => {
      const waiting = gate();
      if (waiting) void waiting.then(work);
      else work();
    };
    from.on("data", (piece) => {
      from.pause();
      pass(() => {
        if (to.writable) to.write(piece);
        from.resume();
      });
    });
    from.on("end", () => pass(() => to.end()));
    from.on("error", () => undefined); // its close tells the other side
    from.on("close", () => {
      open.delete(from);
      pass(() => to.destroySoon());
    });
  }

  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    near.setNoDelay(true);
    far.setNoDelay(true);
    relay(near, far);
    relay(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");

  const clear = () => {
    delayMs = 0;
    goOn?.();
    goOn = stalled = undefined;
  };
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: address.port,
    cut,
    stall: () => {
      stalled ??= new Promise((resolve) => (goOn = resolve));
    },
    slow: (byMs) => {
      delayMs = byMs;
    },
    clear,
    close: async () => {
      clear();
      server.close();
      cut();
      await once(server, "close");
    },
  };
}
