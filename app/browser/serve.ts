import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Under another path than the root: a bundle that needs the root does not load. */
const PATH = '/some/where/';

/** Serves the bundle as any static host does, with a `config.json` beside it. Returns its address. */
export async function serve(folder: string, config: object): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const name = path === PATH ? 'index.html' : normalize(path.slice(PATH.length));
    if (!path.startsWith(PATH) || name.startsWith('..')) {
      response.writeHead(404).end();
      return;
    }
    const body = name === 'config.json' ? Promise.resolve(JSON.stringify(config)) : readFile(`${folder}/${name}`);
    body.then(
      (bytes) =>
        response
          .writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-encoding': 'gzip' })
          .end(gzipSync(bytes)),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${PATH}`, server };
}
