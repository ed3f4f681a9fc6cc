import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Plan } from '@specie/sdk/plans';
import {
  appendTransactionMessageInstructions,
  createKeyPairSignerFromPrivateKeyBytes,
  createSolanaRpc,
  createTransactionMessage,
  getAddressEncoder,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  type KeyPairSigner,
  type Rpc,
  type SolanaRpcApi,
} from '@solana/kit';
import { signerFromFile } from './wallet.ts';

/** A vendor of the currency that the stage founded. */
export interface StagedVendor {
  readonly name: string;
  readonly vault: string;
  readonly keyFile: string;
  readonly gateway: string;
}

/** What `stage` prints: see tests/src/demo/standing.rs. */
export interface Described {
  readonly rpc: string;
  readonly binaries: string;
  readonly mint: string;
  readonly currency: string;
  readonly authorityKeyFile: string;
  readonly attestorKeyFiles: readonly [string, string, string];
  readonly wallet: { readonly address: string; readonly keyFile: string };
  readonly vendors: readonly [StagedVendor, StagedVendor];
  readonly page: object;
}

/** How the newcomer's vault is opened, and what its hardware is measured to sustain. */
const OPEN = ['--output', 'json', 'vault', 'open', '--limit', '1000', '--class', 'inference'];
const MEASURED = ['--rate', '790', '--until', '30d', '--inventory-hash', '0'.repeat(64)];

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;

/** Writes a fresh key as the Solana CLI does. */
export async function newKeyFile(): Promise<string> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const { address } = await createKeyPairSignerFromPrivateKeyBytes(seed);
  const file = join(mkdtempSync(join(tmpdir(), 'specie-key-')), 'key.json');
  await writeFile(file, JSON.stringify([...seed, ...getAddressEncoder().encode(address)]));
  return file;
}

/** A real network with a currency on it, two vendors and their gateways. */
export class Stage {
  private constructor(
    private readonly child: ChildProcess,
    readonly described: Described,
    /** The key file of somebody who has nothing here. */
    readonly newcomer: string,
  ) {}

  /** Starts it; SPECIE_STAGE names another binary than the one that `cargo build` leaves. */
  static async start(): Promise<Stage> {
    const binary = process.env['SPECIE_STAGE'] ?? `${ROOT}target/debug/stage`;
    const child = spawn(binary, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { SPECIE_PROGRAM: `${ROOT}target/deploy/specie.so`, ...process.env },
    });
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      return new Stage(child, JSON.parse(line) as Described, await newKeyFile());
    }
    throw new Error(`the stage ended before it served:\n${said.join('')}`);
  }

  /** Runs `specie` as somebody. */
  async specie(keyFile: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run(`${this.described.binaries}/specie`, ['--url', this.described.rpc, '--keypair', keyFile, ...args]);
    return stdout;
  }

  /** Moves the network's clock forward, and the price with it, so that it is not stale. */
  async advance(time: string): Promise<void> {
    await this.specie(this.described.authorityKeyFile, 'localnet', 'advance', time);
  }

  /** Two attestors sign a price. */
  async postPrice(price: string): Promise<void> {
    const { authorityKeyFile, attestorKeyFiles, mint } = this.described;
    const [first, , third] = attestorKeyFiles;
    await this.specie(authorityKeyFile, 'attestor', 'price', price, '--currency', mint, '--key', first, '--key', third);
  }

  /** Signs a plan of the SDK's with a key file, sends it, and waits until it is confirmed. */
  async send(keyFile: string, planOf: (signer: KeyPairSigner, rpc: Rpc<SolanaRpcApi>) => Promise<Plan>): Promise<void> {
    const [signer, rpc] = [await signerFromFile(keyFile), createSolanaRpc(this.described.rpc)];
    const { instructions } = await planOf(signer, rpc);
    const { value: lifetime } = await rpc.getLatestBlockhash().send();
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (empty) => setTransactionMessageFeePayerSigner(signer, empty),
      (paid) => setTransactionMessageLifetimeUsingBlockhash(lifetime, paid),
      (alive) => appendTransactionMessageInstructions(instructions, alive),
    );
    const signed = await signTransactionMessageWithSigners(message);
    const signature = getSignatureFromTransaction(signed);
    await rpc.sendTransaction(getBase64EncodedWireTransaction(signed), { encoding: 'base64', preflightCommitment: 'confirmed' }).send();
    for (;;) {
      const { value } = await rpc.getSignatureStatuses([signature]).send();
      if (value[0]?.err != null) throw new Error(`the transaction failed: ${JSON.stringify(value[0].err)}`);
      if (value[0]?.confirmationStatus === 'confirmed' || value[0]?.confirmationStatus === 'finalized') return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Gives an address SOL and stablecoins. */
  async fund(address: string, sol: string, stablecoins: string): Promise<void> {
    await this.specie(this.described.authorityKeyFile, 'localnet', 'fund', address, '--sol', sol, '--stablecoin', stablecoins);
  }

  /** The newcomer is admitted as a vendor without a gateway: measured, with collateral and an offer. Returns the vault. */
  async admitNewcomer(): Promise<string> {
    const { authorityKeyFile, currency, attestorKeyFiles } = this.described;
    const { address } = await signerFromFile(this.newcomer);
    await this.fund(address, '10', '1000');
    const opened = await this.specie(
      this.newcomer,
      ...OPEN,
      '--currency',
      currency,
      '--authority',
      authorityKeyFile,
    );
    const { vault } = JSON.parse(opened) as { readonly vault: string };
    await this.specie(this.newcomer, 'vault', 'deposit', vault, '500');
    await this.specie(this.newcomer, 'vault', 'offer', vault, '--price', '2.20', '--units', '100', '--retain', '25%');
    const [first, , third] = attestorKeyFiles;
    await this.specie(
      authorityKeyFile,
      'attestor',
      'capacity',
      vault,
      ...MEASURED,
      '--key',
      first,
      '--key',
      third,
    );
    // What was measured counts after its delay.
    await this.advance('61s');
    return vault;
  }

  /** Ends it: its standard input ends. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await ended;
  }
}
