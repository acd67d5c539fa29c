/** Builds the description of the API from the schemas that the routes parse and answer with. */
import { z } from "zod";
import { describedRoutes, type DescribedRoute } from "./described-routes";

type Json = Readonly<Record<string, unknown>>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return json;
};

const problem = {
  description: "Refused; nothing was changed",
  content: {
    "application/problem+json": {
      schema: {
        type: "object",
        required: ["code", "title", "status"],
        properties: {
          code: { type: "string", description: "The refusal's word" },
          title: { type: "string", description: "A sentence" },
          status: { type: "integer" },
        },
      },
    },
  },
} as const;

/** Of the described routes those that `exists` knows. */
export function describeApi(given: {
  readonly url: string;
  readonly exists: (method: string, path: string) => boolean;
}): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of describedRoutes) {
    if (!given.exists(route.method.toUpperCase(), route.path)) continue;
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Linecheck",
      version: "1",
      description:
        "JSON over a session cookie. Every refusal is application/problem+json and changes nothing. Calls that change something refuse a foreign Origin header. Beside it stand two sockets: /collab/{storyId} (y-websocket) and /events (with ?story={storyId} about that story alone).",
    },
    servers: [{ url: given.url }],
    components: {
      securitySchemes: { session: { type: "apiKey", in: "cookie", name: "linecheck.session_token" } },
    },
    security: [{ session: [] }],
    paths,
  };
}

function describe(route: DescribedRoute): Json {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  const inPath = names.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => ({
    name,
    in: "query",
    description,
    schema: { type: "string" },
  }));
  return {
    summary: route.summary,
    ...(route.isOpen ? { security: [] } : {}),
    parameters: [...inPath, ...inQuery],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(route.body, "input") } },
          },
        }
      : {}),
    responses: {
      [route.status ?? 200]: {
        description: "Done",
        content: {
          [route.mediaType ?? "application/json"]: {
            schema: route.answer ? schemaOf(route.answer, "output") : {},
          },
        },
      },
      default: problem,
    },
  };
}
