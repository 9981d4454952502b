import { io, type Socket } from 'socket.io-client';
import type { Ack, ClientEvents, LogWindow, ServerEvents } from '../../lib/live/events';

/** A socket.io client with a session's cookie that watches one step's log. */
export async function watchLog(
  target: { url: string; cookie: string; jobId: string; stepId: string },
  onWindow: (window: LogWindow) => void,
): Promise<() => void> {
  const socket: Socket<ServerEvents, ClientEvents> = io(target.url, {
    path: '/ws',
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: target.cookie, origin: target.url },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  socket.on('log:appended', onWindow);
  const { jobId, stepId } = target;
  const answer = await new Promise<Ack<LogWindow>>((resolve) => {
    socket.emit('log:watch', { jobId, stepId, offset: 0 }, resolve);
  });
  if (!answer.ok) throw new Error(`the log cannot be watched: ${answer.message}`);
  onWindow(answer.data);
  return () => socket.disconnect();
}
