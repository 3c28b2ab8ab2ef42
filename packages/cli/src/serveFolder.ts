import { createReadStream, statSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";
import { UsageError } from "./usageError.ts";

/** How a folder is served. */
export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** The content policy of every answer. */
  readonly policy: string;
}

/** A folder that is being served, to this machine alone. */
export interface Served {
  readonly address: string;
  readonly server: Server;
  /** Ends when the server does. */
  readonly closed: Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/**
 * Serves the files of a folder, and nothing beside it, on this machine's own address.
 *
 * Throws UsageError if the port is taken.
 */
export async function serveFolder(folder: string, options: ServeOptions): Promise<Served> {
  const { port, policy } = options;
  const server = createServer(({ method, url = "/" }, response) => {
    response.setHeader("content-security-policy", policy);
    response.setHeader("x-content-type-options", "nosniff");
    if (method !== "GET" && method !== "HEAD") return end(response, 405);
    const path = fileOf(folder, url);
    if (path === undefined) return end(response, 404);
    response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
    if (method === "HEAD") return end(response, 200);
    createReadStream(path)
      .on("error", () => response.destroy())
      .pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE" || error.code === "EACCES";
      reject(
        taken ? new UsageError(`studio: the port must be free, got ${port}; try --port 0`) : error,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: own } = server.address() as AddressInfo;
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  return { address: `http://127.0.0.1:${own}/`, server, closed };
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** The file an address stands for; none outside of the folder. */
function fileOf(folder: string, url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, "http://here").pathname);
    const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
    const root = folder.endsWith(sep) ? folder : folder + sep;
    return file.startsWith(root) && statSync(file).isFile() ? file : undefined;
  } catch {
    // Letters that are no address, or no such file.
    return undefined;
  }
}
