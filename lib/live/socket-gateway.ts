import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { FailureError } from '../domain/failure';
import { CLIENT_EVENT_SCHEMAS, type ClientEventName } from './client-events';
import { type ClientEvents, type ServerEvents, SOCKET_PATH } from './events';
import { checkHandshake, refuseUpgrade } from './handshake';
import { createLiveHub, type LiveMessage } from './hub';
import { createLatestSender } from './latest-sender';
import { createLivePublisher, type LiveLogger, type LivePublisher, type LiveViews } from './live-publisher';
import { createLogBatcher, type SocketLoad } from './log-batcher';
import { cookieValue, createOriginPolicy } from './origin-policy';
import { createRateLimiter } from './rate-limiter';
import { createSessionWatch, type LiveSession, type SessionWatch } from './session-watch';
import { createWatchHandlers, toAckError, type WatchHandlers, type WatchSources } from './watch-handlers';

export interface GatewayDependencies extends LiveViews, WatchSources {
  /** By the cookie's value. Called about once a second while a socket is open: it must not prolong the session. */
  findSession(cookie: string): Promise<LiveSession | null>;
  readonly sessionCookieName: string;
  readonly allowedOrigins: readonly string[];
  readonly logger: LiveLogger;
}

export interface SocketGateway {
  readonly publisher: LivePublisher;
  /** Ends all sockets; the HTTP server stays the caller's to close. */
  close(): Promise<void>;
  clientCount(): number;
}

type LiveServer = Server<ClientEvents, ServerEvents>;
type LiveSocket = Socket<ClientEvents, ServerEvents>;

const EVENTS_PER_SECOND = 50;
/** A client that goes on after so many refusals is broken or hostile. */
const MAX_REFUSED_EVENTS = 1000;
/** Measured on ws: what a healthy browser leaves waiting between two batches is far below these. */
const SLOW_AT = { packets: 8, bytes: 256 * 1024 };
const BLOCKED_AT = { packets: 64, bytes: 1024 * 1024 };

/** Mounts the live channel on an HTTP server (path `/ws`, websocket only) and returns what publishes to it. */
export function attachSocketGateway(httpServer: HttpServer, dependencies: GatewayDependencies): SocketGateway {
  const { logger } = dependencies;
  const hub = createLiveHub((error) => logger.error('an event could not be sent to a browser', error));
  const batcher = createLogBatcher();
  const publisher = createLivePublisher(hub, batcher, dependencies, logger);
  const sessions = createSessionWatch(
    (cookie) => dependencies.findSession(cookie),
    (error) => logger.error('a session could not be re-checked', error),
  );
  const server = createServer(httpServer, dependencies);

  server.on('connection', (socket) => {
    const cookie = cookieValue(socket.request.headers.cookie, dependencies.sessionCookieName) ?? '';
    const sender = createLatestSender(
      () => loadOf(socket),
      (message) => emit(socket, message),
    );
    const connection = {
      load: () => loadOf(socket),
      send: sender.send,
      sendLog: (window: Parameters<ServerEvents['log:appended']>[0]) => void socket.emit('log:appended', window),
    };
    const handlers = createWatchHandlers(connection, { hub, batcher, sources: dependencies });
    const unwatchSession = sessions.watch(cookie, () => endSession(socket));
    limitRate(socket);
    for (const event of Object.keys(CLIENT_EVENT_SCHEMAS) as ClientEventName[]) {
      handle(socket, event, { handlers, sessions, cookie, logger });
    }
    socket.on('disconnect', () => {
      unwatchSession();
      handlers.stopAll();
      sender.stop();
    });
  });

  return {
    publisher,
    async close() {
      publisher.close();
      batcher.close();
      sessions.close();
      server.disconnectSockets(true);
      server.engine.close();
    },
    clientCount: () => server.engine.clientsCount,
  };
}

function createServer(httpServer: HttpServer, dependencies: GatewayDependencies): LiveServer {
  const origins = createOriginPolicy(dependencies.allowedOrigins);
  const findSession = (cookie: string) => dependencies.findSession(cookie);
  const rules = { origins, sessionCookieName: dependencies.sessionCookieName, findSession };
  return new Server<ClientEvents, ServerEvents>(httpServer, {
    path: SOCKET_PATH,
    serveClient: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: 100_000,
    connectTimeout: 10_000,
    // Other upgrades (the bundler's, in development) belong to other listeners.
    destroyUpgrade: false,
    allowRequest(request, decide) {
      checkHandshake(request, rules)
        .catch((error: unknown) => {
          dependencies.logger.error('a session could not be checked', error);
          return 503 as const;
        })
        .then((refusal) => {
          if (refusal !== null) refuseUpgrade(request.socket, refusal);
          decide(null, refusal === null);
        });
    },
  });
}

interface HandlerContext {
  readonly handlers: WatchHandlers;
  readonly sessions: SessionWatch;
  readonly cookie: string;
  readonly logger: LiveLogger;
}

/** One event: session, then schema, then the handler, then the answer. The payload is whatever a hostile client sends. */
function handle(socket: LiveSocket, event: ClientEventName, context: HandlerContext): void {
  const answerTo = async (payload: unknown): Promise<unknown> => {
    const isAlive = await context.sessions.isAlive(context.cookie);
    if (!isAlive) {
      endSession(socket);
      throw new FailureError('unauthenticated', 'The session has ended.', { remedy: 'Log in again.' });
    }
    const request = CLIENT_EVENT_SCHEMAS[event].safeParse(payload);
    if (!request.success) throw new FailureError('invalid-input', `This is not a valid ${event}.`);
    // A client that reads nothing must not fill the memory with answers.
    if (loadOf(socket) === 'blocked') throw new FailureError('rate-limited', 'The connection is too slow right now.');
    const run = context.handlers[event] as (request: unknown) => unknown;
    return await run(request.data);
  };
  const listener = (payload: unknown, ack: unknown) => {
    const reply = typeof ack === 'function' ? (ack as (answer: unknown) => void) : () => undefined;
    answerTo(payload).then(
      (data) => reply({ ok: true, data: data ?? null }),
      (error: unknown) => {
        const answer = toAckError(error);
        if (answer.code === 'internal') context.logger.error('a live request failed', error, { event });
        reply(answer);
      },
    );
  };
  (socket as unknown as { on(name: string, listener: (payload: unknown, ack: unknown) => void): void }).on(
    event,
    listener,
  );
}

function limitRate(socket: LiveSocket): void {
  const limiter = createRateLimiter(EVENTS_PER_SECOND);
  socket.use((packet, next) => {
    if (limiter.take()) return next();
    const ack: unknown = packet.at(-1);
    if (typeof ack === 'function') ack(toAckError(new FailureError('rate-limited', 'Too many requests at once.')));
    if (limiter.refusedCount > MAX_REFUSED_EVENTS) socket.disconnect(true);
  });
}

function endSession(socket: LiveSocket): void {
  socket.emit('session:ended');
  socket.disconnect(true);
}

function emit(socket: LiveSocket, message: LiveMessage): void {
  (socket as unknown as { emit(event: string, payload: unknown): void }).emit(message.event, message.payload);
}

/** How much waits in engine.io's queue and in ws below it; neither has a public name for it. */
function loadOf(socket: LiveSocket): SocketLoad {
  const raw = socket.conn as unknown as { writeBuffer: unknown[]; transport: { socket?: { bufferedAmount?: number } } };
  const packets = raw.writeBuffer.length;
  const bytes = raw.transport.socket?.bufferedAmount ?? 0;
  if (packets > BLOCKED_AT.packets || bytes > BLOCKED_AT.bytes) return 'blocked';
  return packets > SLOW_AT.packets || bytes > SLOW_AT.bytes ? 'slow' : 'free';
}
