/**
 * [BO5] Binds client ids under which nothing was written yet: of all who come to whatever story within a moment in one
 * statement. What it does not bind is bound with the first words.
 */
import { sql } from "drizzle-orm";
import type { House } from "../house";
import type { Queries } from "../store/db";
import { storyClients } from "./body-tables";

type ClientOf = { readonly storyId: string; readonly clientId: number; readonly personId: string };

export type BindBeside = {
  /** Is it that person's in the store? False also where the store did not say so in time. */
  readonly bind: (client: ClientOf) => Promise<boolean>;
  readonly close: () => void;
};

type Waiting = {
  readonly client: ClientOf;
  readonly tries: number;
  readonly done: (isTheirs: boolean) => void;
};

const gatherMs = 200;
const mostTogether = 500;
/** A story in which much is written is held by somebody nearly always. */
const mostTries = 20;

export function openBindBeside(house: Pick<House, "db" | "log" | "now">): BindBeside {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const bindSoon = () => (timer ??= setTimeout(() => void bindAll(), gatherMs));

  function wait(one: Waiting): void {
    if (isClosed) return one.done(false);
    waiting.push(one);
    bindSoon();
  }

  async function bindAll(): Promise<void> {
    const asked = waiting.splice(0, mostTogether);
    const clients = asked.map(({ client }) => client);
    const owners = await bindWhereFree(house.db, clients, house.now()).catch((error: unknown) => {
      house.log.warn({ err: error, clients: clients.length }, "client ids not bound");
    });
    timer = undefined;
    for (const { client, tries, done } of asked) {
      const owner = owners?.get(client);
      if (owners && owner === undefined && tries < mostTries) wait({ client, tries: tries + 1, done });
      else done(owner === client.personId);
    }
    if (waiting.length > 0) bindSoon();
  }

  return {
    bind: (client) => new Promise((done) => wait({ client, tries: 1, done })),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      for (const { done } of waiting.splice(0)) done(false);
    },
  };
}

/**
 * Binds them where nobody holds the story; gives whose each is then, nothing of the others. The story's row is held
 * first, as by a commit that binds, or each would wait for the other. What was bound before is looked up by its key,
 * beside what is bound now: joined with both at once, the store would read all bindings of all stories.
 */
async function bindWhereFree(
  q: Queries,
  clients: readonly ClientOf[],
  at: Date,
): Promise<ReadonlyMap<ClientOf, string | null>> {
  const places = sql.param(clients.map((_, place) => place));
  const storyIds = sql.param(clients.map(({ storyId }) => storyId));
  const clientIds = sql.param(clients.map(({ clientId }) => clientId));
  const personIds = sql.param(clients.map(({ personId }) => personId));
  const { rows } = await q.execute<{ place: number; person_id: string | null }>(sql`
    with given as (
      select * from unnest(${places}::int[], ${storyIds}::text[], ${clientIds}::bigint[], ${personIds}::text[])
        as t(place, story_id, client_id, person_id)
    ), held as (
      select id from stories where id in (select story_id from given) order by id for key share skip locked
    ), client as (
      select given.* from given join held on held.id = given.story_id
    ), bound as (
      insert into ${storyClients} (story_id, client_id, person_id, at)
      select distinct on (story_id, client_id) story_id, client_id, person_id, ${at.toISOString()}::timestamptz
      from client order by story_id, client_id, place
      on conflict do nothing returning story_id, client_id, person_id
    )
    select client.place, bound.person_id from client join bound using (story_id, client_id)
    union all
    select client.place, kept.person_id from client join ${storyClients} as kept using (story_id, client_id)`);
  return new Map(
    rows.flatMap(({ place, person_id }) => {
      const client = clients[place];
      return client ? [[client, person_id] as const] : [];
    }),
  );
}
