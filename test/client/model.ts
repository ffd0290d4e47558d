import { createServer, type IncomingMessage } from "node:http";
import { arrival } from "../until.ts";
import { readRequest, type ModelRequest } from "./request.ts";
import { sendJson, sendMissing, sendTurn, type ToolCall, type Turn } from "./turn.ts";

/** A request that waits for its answer. An answer to a client that is gone is dropped. */
interface Exchange {
  readonly request: ModelRequest;
  readonly answer: (turn: Turn) => void;
}

/** A subagent whose every turn the test decides. */
interface Worker {
  readonly agent: string;
  /** What the client gave it to do, as it reached the model. */
  readonly prompt: string;
  /** Makes it call tools; resolves with its next request, which holds their results. */
  act(...calls: ToolCall[]): Promise<ModelRequest>;
  /** Ends its turn with these words. It may be sent back: then `next` has its next request. */
  end(text: string): void;
  /** Resolves with its request when it has one to answer that `act` has not given out yet. */
  next(): Promise<ModelRequest>;
}

export interface Model extends AsyncDisposable {
  readonly url: string;
  /** Everything the client asked, in order of arrival. */
  readonly requests: readonly ModelRequest[];
  /** What the main model was told, newest request last. */
  mainRequests(): ModelRequest[];
  /** Resolves with the main conversation's next request that nobody has taken and that matches. */
  nextMain(matches?: (request: ModelRequest) => boolean): Promise<Exchange>;
  /** Resolves when the first request of a new subagent arrives whose prompt matches. */
  nextWorker(matches?: (prompt: string) => boolean): Promise<Worker>;
}

interface Waiter {
  readonly matches: (request: ModelRequest) => boolean;
  readonly take: (exchange: Exchange) => void;
}

/**
 * Starts a loopback stand-in for the Messages API. Each request of the main conversation and of the subagents goes first
 * to `reply`; what it leaves (null) waits for `nextMain` or `nextWorker`. Nothing is answered by time.
 */
export async function startModel(
  reply: (request: ModelRequest) => Promise<Turn | null> | Turn | null = () => null,
): Promise<Model> {
  const requests: ModelRequest[] = [];
  const untaken: Exchange[] = [];
  const waiters: Waiter[] = [];
  const takenAgents = new Set<string>();

  function offer(exchange: Exchange): void {
    const index = waiters.findIndex((waiter) => waiter.matches(exchange.request));
    const [waiter] = index === -1 ? [] : waiters.splice(index, 1);
    if (waiter === undefined) untaken.push(exchange);
    else waiter.take(exchange);
  }

  /** A client that is gone waits for nothing: the next test of the same model must not get its requests. */
  function forget(exchange: Exchange): void {
    const index = untaken.indexOf(exchange);
    if (index !== -1) untaken.splice(index, 1);
  }

  function next(matches: Waiter["matches"]): Promise<Exchange> {
    const index = untaken.findIndex((exchange) => matches(exchange.request));
    const [exchange] = index === -1 ? [] : untaken.splice(index, 1);
    if (exchange !== undefined) return Promise.resolve(exchange);
    const asked = new Promise<Exchange>((take) => waiters.push({ matches, take }));
    const seen = (): string =>
      requests.map(({ from, session, news }) => `${from} ${session ?? ""}: ${news.slice(0, 300)}`).join("\n");
    return arrival(`a request to the model: ${String(matches)}`, asked, seen);
  }

  async function nextWorker(matches: (prompt: string) => boolean = () => true): Promise<Worker> {
    const first = await next(({ agent, prompt }) => agent !== null && !takenAgents.has(agent) && matches(prompt));
    const agent = first.request.agent ?? "";
    takenAgents.add(agent);
    let current: Exchange | null = first;
    const take = async (): Promise<Exchange> => {
      current ??= await next((request) => request.agent === agent);
      return current;
    };
    const answer = (turn: Turn): void => {
      if (current === null) throw new Error(`subagent ${agent} has no request to answer: await next() first`);
      current.answer(turn);
      current = null;
    };
    return {
      agent,
      prompt: first.request.prompt,
      async act(...calls) {
        answer({ calls });
        return (await take()).request;
      },
      end: (text) => answer({ text }),
      next: async () => (await take()).request,
    };
  }

  const server = createServer((incoming, response) => {
    void receive(incoming).then(async (text) => {
      if (incoming.method !== "POST" || !(incoming.url ?? "").startsWith("/v1/messages")) return sendMissing(response);
      if ((incoming.url ?? "").startsWith("/v1/messages/count_tokens"))
        return sendJson(response, { input_tokens: 1000 });
      const request = readRequest(requests.length, incoming.headers, text);
      requests.push(request);
      if (request.from === "side") return sendTurn(response, request, { text: '{"title": "A title"}' });
      const turn = await reply(request);
      if (turn !== null) return sendTurn(response, request, turn);
      const exchange = { request, answer: (given: Turn) => sendTurn(response, request, given) };
      response.once("close", () => forget(exchange));
      return offer(exchange);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in for the model has no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    mainRequests: () => requests.filter((request) => request.from === "main"),
    nextMain: (matches = () => true) => next((request) => request.from === "main" && matches(request)),
    nextWorker,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<string> {
  let text = "";
  incoming.setEncoding("utf8");
  for await (const chunk of incoming) text += String(chunk);
  return text;
}
