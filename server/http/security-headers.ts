/** The headers that keep foreign scripts and frames out. */
import { randomBytes } from "node:crypto";

const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
} as const;

const overHttps = (url: string) =>
  url.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {};

/** For what is no page: nothing in it may run. */
export function dataHeaders(url: string): Readonly<Record<string, string>> {
  return {
    ...always,
    ...overHttps(url),
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  };
}

/**
 * For a page: only scripts that carry this answer's nonce run, and what they load. Next reads the nonce from the
 * same header on the request. Development needs `eval` and the socket of the hot reload.
 */
export function pageHeaders(url: string, dev: boolean): Readonly<Record<string, string>> {
  const nonce = randomBytes(16).toString("base64");
  const socketOrigin = new URL(url).origin.replace(/^http/, "ws");
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${socketOrigin}${dev ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { ...always, ...overHttps(url), "content-security-policy": policy };
}
