// The gateway's types from its OpenAPI document.

import openapiTypescript, { astToString } from "openapi-typescript";
import { pathToFileURL } from "node:url";

/** @param {string} path of the document @returns {Promise<string>} a module of its types */
export async function apiModule(path) {
  const nodes = await openapiTypescript(pathToFileURL(path), { alphabetize: false });
  return `// Generated from crates/claims/openapi.json by \`npm run generate\`: do not edit.\n\n${astToString(nodes)}`;
}
