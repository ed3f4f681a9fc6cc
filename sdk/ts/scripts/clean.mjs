// Removes what an earlier build left: files that nothing writes any more must not be published.

import { rm } from "node:fs/promises";

await rm(new URL("../dist", import.meta.url), { recursive: true, force: true });
