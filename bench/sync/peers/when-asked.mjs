/** Loaded first in every server that is measured: collects garbage when the measurement asks. */
process.on("message", (message) => {
  if (message?.ask !== "gc") return;
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ answer: message.id, value: heapUsed + external });
});
// The channel alone keeps no server running.
process.channel?.unref();
