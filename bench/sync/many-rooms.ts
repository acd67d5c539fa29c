/** Five hundred stories, two people in each: processor time, and memory that a story in use takes. */
import { afterwardsMs } from "./delivering";
import { besidePeers, over, type Measurement } from "./measurement";
import { nameOf, startServer, type Kind, type Server } from "./servers";
import { digits } from "./statistics";
import { atPace, connectMany, paragraphsOf, pause, typistsIn, until, watch } from "./typing";

const perSecond = 500;
type Cell = { readonly microseconds: number; readonly idleBytes: number; readonly usedBytes: number };

async function fill(
  server: Server,
  { rooms, seconds, warmUpSeconds }: { rooms: number; seconds: number; warmUpSeconds: number },
): Promise<Cell> {
  await server.expect(2 * rooms);
  const stories = [];
  for (let n = 0; n < rooms; n += 1) stories.push(await server.story(paragraphsOf(10)));
  // A fresh process has no story open.
  await pause(500);
  await server.end();
  await server.restart();
  (await server.connect(stories[0]?.document ?? "", 0)).leave();
  await pause(500);
  const empty = await server.residentBytes();
  const clients = await connectMany(
    server,
    stories.flatMap(({ document }) => [document, document]),
  );
  await pause(1_000);
  const idle = await server.residentBytes();
  const pairs = stories.map((story, n) => {
    const two = clients.slice(2 * n, 2 * n + 2);
    const typists = typistsIn(story, two);
    return { typists, readers: watch(two, typists) };
  });
  const typists = pairs.flatMap((room) => room.typists);
  await atPace({ perSecond, seconds: warmUpSeconds }, (n) => typists[n % typists.length]?.type());
  const before = server.processorMs();
  await atPace({ perSecond, seconds }, (n) => typists[n % typists.length]?.type());
  const arrived = await until(() => pairs.every(({ readers }) => readers.haveAll()), 20_000);
  await pause(afterwardsMs);
  const used = server.processorMs() - before;
  const full = await server.residentBytes();
  for (const client of clients) client.leave();
  if (!arrived) throw new Error(`${server.kind}: not every letter arrived`);
  return {
    microseconds: (1000 * used) / (perSecond * seconds),
    idleBytes: (idle - empty) / rooms,
    usedBytes: (full - empty) / rooms,
  };
}

export const manyRooms: Measurement = async ({ repeats, quick, say }) => {
  const kinds: readonly Kind[] = ["ours", "hocuspocus", "storing-limit"];
  const cells = new Map<Kind, Cell[]>(kinds.map((kind) => [kind, []]));
  const rooms = quick ? 200 : 500;
  for (let round = 0; round < repeats; round += 1) {
    for (const kind of kinds) {
      const server = await startServer(kind);
      try {
        const cell = await fill(server, {
          rooms,
          seconds: quick ? 5 : 10,
          warmUpSeconds: quick ? 5 : 40,
        });
        cells.get(kind)?.push(cell);
        say(
          `${String(round + 1)} ${nameOf[kind]}: ${digits(cell.microseconds)} µs a letter, a room ` +
            `${digits(cell.idleBytes / 1024)} KB open, ${digits(cell.usedBytes / 1024)} KB in use`,
        );
      } finally {
        await server.stop();
      }
    }
  }
  const of = (kind: Kind, read: (cell: Cell) => number) => (cells.get(kind) ?? []).map(read);
  const stories = `${String(rooms)} stories, 2 writers each`;
  const time = {
    what: `${stories}: processor time`,
    of: (kind: Kind) => of(kind, ({ microseconds }) => microseconds),
  };
  const memory = {
    what: `${stories}: memory a story`,
    of: (kind: Kind) => of(kind, ({ usedBytes }) => usedBytes),
  };
  return {
    findings: [
      ...besidePeers(time, [["hocuspocus", 0.75]]),
      over(memory, ["ours", "hocuspocus"], { atMost: 0.65 }),
    ],
    figures: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        {
          microsecondsALetter: of(kind, ({ microseconds }) => microseconds),
          bytesOpen: of(kind, ({ idleBytes }) => idleBytes),
          bytesInUse: of(kind, ({ usedBytes }) => usedBytes),
        },
      ]),
    ),
  };
};
