/** @type {import("next").NextConfig} */
export default {
  agentRules: false,
  poweredByHeader: false,
  // Whoever asks gets title, canonical address and description in the head, at once and without a script.
  htmlLimitedBots: /.*/,
  allowedDevOrigins: ["127.0.0.1"],
  turbopack: { root: import.meta.dirname },
};
