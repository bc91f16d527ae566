// Follows journalStream with graphql-ws, is cut off whenever it is told to on standard input, and resumes from the last
// cursor. Prints each entry's position on a line of its own, and ends when it has seen the last one.
import { createInterface } from "node:readline";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, token, last, from] = process.argv.slice(2);
const query = `subscription Follow($after: String) {
  journalStream(after: $after) {
    __typename
    ... on JournalBatch { cursor entries { position } }
    ... on Heartbeat { cursor }
    ... on StreamReset { resumeAfter }
  }
}`;

let cursor = from;
let socket;
const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { Authorization: `Bearer ${token}` },
  retryAttempts: 0, // a retry of the library's own would ask for the same `after` again
  on: { connected: (opened) => { socket = opened; } },
});

createInterface({ input: process.stdin }).on("line", () => socket?.terminate());

async function follow() {
  for await (const { data, errors } of client.iterate({ query, variables: { after: cursor } })) {
    if (errors) throw new Error(JSON.stringify(errors));
    const message = data.journalStream;
    cursor = message.cursor ?? message.resumeAfter;
    for (const entry of message.entries ?? []) {
      console.log(entry.position);
      if (entry.position === last) return true;
    }
  }
  return false;
}

for (;;) {
  try {
    if (await follow()) break;
  } catch (error) {
    console.error(`cut off: ${error.reason ?? error.code ?? error.message ?? error}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
process.exit(0);
