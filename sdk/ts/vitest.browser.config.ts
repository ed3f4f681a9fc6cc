import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

// The pure tests once more, in the browser that the page runs in. Debian's Chromium: nothing is downloaded.
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  cacheDir: "../../target/sdk/vite-browser",
  server: { fs: { allow: ["../.."] } },
  test: {
    include: ["test/pure/**/*.test.ts"],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: process.env["SPECIE_CHROMIUM"] ?? "/usr/bin/chromium", args: flags } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
