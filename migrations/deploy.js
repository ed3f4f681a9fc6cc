// Creates the currency once the program is deployed: `anchor migrate`, or, without Anchor's tools,
// `node migrations/deploy.js`.
//
// Which mint becomes the currency, who attests and by which rules are decisions that no script can
// guess, so they come from outside: SPECIE_CREATE_ARGUMENTS holds the arguments of `specie currency create`.
// The command shows what it is about to change, and refuses what the program would refuse.

const { spawnSync } = require("node:child_process");
const path = require("node:path");

const ROOT = path.join(__dirname, "..");

function createCurrency(url, wallet) {
  const decisions = (process.env.SPECIE_CREATE_ARGUMENTS ?? "").split(/\s+/).filter(Boolean);
  if (decisions.length === 0) {
    throw new Error(
      "SPECIE_CREATE_ARGUMENTS is not set: give it the arguments of `specie currency create`, " +
        "which `specie currency create --help` lists",
    );
  }
  const specie = ["run", "--ignore-rust-version", "--package", "specie-cli", "--bin", "specie", "--"];
  const command = ["currency", "create", "--url", url, ...(wallet ? ["--keypair", wallet] : [])];
  const result = spawnSync("cargo", [...specie, ...command, ...decisions], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (result.error) {
    throw new Error(`cargo could not be started: ${result.error.message}`);
  }
  if (result.status !== 0) {
    throw new Error("the currency was not created; the reason is above");
  }
}

// Anchor calls this with its provider, and names the wallet's file in ANCHOR_WALLET.
module.exports = async (provider) => {
  createCurrency(provider.connection.rpcEndpoint, process.env.ANCHOR_WALLET);
};

if (require.main === module) {
  try {
    createCurrency(process.env.ANCHOR_PROVIDER_URL ?? "localhost", process.env.ANCHOR_WALLET);
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
