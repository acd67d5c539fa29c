/** How a WebSocket ends, for both of ours: what is counted and written down once it is over. */
import type { WebSocket } from "ws";

const codeOfError: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
};

/**
 * Tells once with which code it ended, and with the reason where that is our own: the one that this side gave first,
 * else what was wrong with a frame (1002, 1007, 1009), else the other side's; 1006 where it was gone without one. Gives
 * what closes it from this side.
 */
export function watchEnd(
  socket: WebSocket,
  whenEnded: (code: number, reason: string | undefined) => void,
): (code: number, reason: string) => void {
  let own: { readonly code: number; readonly reason?: string } | undefined;
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith("WS_ERR_")) own ??= { code: codeOfError[error.code] ?? 1002 };
  });
  socket.on("close", (theirs) => whenEnded(own?.code ?? theirs, own?.reason));
  return (code, reason) => {
    if (socket.readyState === socket.OPEN) own ??= { code, reason };
    socket.close(code, reason);
  };
}
