// A page in a real browser, driven by lines of JSON on standard input: [METHOD, ...ARGUMENTS] of Playwright's Page. Each is
// answered by a line: {"value"} or {"error"}. Two words are our own: "asked" is every address that the page asked for,
// "complaints" is every error that its console showed.
import { mkdtempSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath] = process.argv.slice(2);
const context = await chromium.launchPersistentContext(mkdtempSync("profile-"), {
  executablePath,
  headless: true,
  viewport: { width: 1440, height: 810 },
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
context.setDefaultTimeout(15_000);
const page = context.pages()[0] ?? (await context.newPage());
const asked = [], complaints = [];
page.on("request", (request) => asked.push(request.url()));
page.on("websocket", (socket) => asked.push(socket.url()));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
const own = { asked: () => asked, complaints: () => complaints };

for await (const line of createInterface({ input: process.stdin })) {
  const [method, ...given] = JSON.parse(line);
  try {
    const value = await (own[method] ?? page[method].bind(page))(...given);
    console.log(JSON.stringify({ value: ["string", "boolean"].includes(typeof value) || Array.isArray(value) ? value : null }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
await context.close();
