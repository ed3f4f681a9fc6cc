import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "../../target/sdk/vite",
  test: { include: ["test/**/*.test.ts"] },
});
