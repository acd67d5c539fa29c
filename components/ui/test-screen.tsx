/** For tests of components: a server that answers as told, a live channel that says what it is told, and axe. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { expect, vi } from "vitest";
import type { LiveEvent } from "@/domain/stories/story";
import { makeQueryClient } from "./query-client";

type Asked = { readonly method: string; readonly path: string; readonly body: unknown };
type Answer = { readonly status?: number; readonly json?: unknown };

/** Answers `METHOD /path`; what nobody told it is 404. Returns what it was asked, in order. */
export function fakeServer(answers: Record<string, Answer | ((asked: Asked) => Answer)>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const method = init.method ?? "GET";
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const question = { method, path, body };
    asked.push(question);
    const given = answers[`${method} ${path}`] ?? { status: 404, json: { code: "not-found", title: "No." } };
    const { status = 200, json = {} } = typeof given === "function" ? given(question) : given;
    return Promise.resolve(new Response(JSON.stringify(json), { status }));
  });
  return asked;
}

/** Stands in for the browser's socket to `/events`, which stays open from one screen to the next. */
export class FakeSocket extends EventTarget {
  private static open: FakeSocket[] = [];
  static install(): void {
    vi.stubGlobal("WebSocket", FakeSocket);
  }
  /** To every socket that is open, as the server would; the first one that was rendered opens in a moment. */
  static async say(event: LiveEvent): Promise<void> {
    await vi.waitFor(() => expect(FakeSocket.open).not.toEqual([]));
    const data = JSON.stringify(event);
    for (const socket of FakeSocket.open) socket.dispatchEvent(new MessageEvent("message", { data }));
  }
  constructor() {
    super();
    FakeSocket.open.push(this);
  }
  close(): void {
    FakeSocket.open = FakeSocket.open.filter((socket) => socket !== this);
  }
}

/** Renders with a query client of its own. */
export function renderScreen(screen: ReactNode) {
  return render(<QueryClientProvider client={makeQueryClient()}>{screen}</QueryClientProvider>);
}

/** The accessibility check with which a component test ends. Colours are checked in a real browser. */
export async function expectAccessible(container: Element = document.body): Promise<void> {
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}
