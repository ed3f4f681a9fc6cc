import { address, isAddress, type Address } from '@solana/kit';

/** A vendor as whoever hosts the page names it. The chain decides whether the vault exists and the gateway is its own. */
export interface VendorEntry {
  readonly vault: Address;
  readonly name: string;
  /** Base URL of its gateway, without `/v1`; absent where the host knows of none. */
  readonly gateway?: string;
  /** Where the inventory is published whose hash the quorum signs. */
  readonly inventory?: string;
}

/** `config.json`, which lies beside `index.html`. */
export interface PageConfig {
  readonly mint: Address;
  readonly symbol: string;
  readonly collateralSymbol: string;
  /** RPC nodes in the order that they are asked. */
  readonly rpc: readonly string[];
  readonly vendors: readonly VendorEntry[];
}

/** `config.json` is missing, or malformed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(record: Record<string, unknown>, key: string): string {
  const value = record[key];
  if (typeof value !== 'string' || value === '') {
    throw new ConfigError(`config.json: "${key}" must be a text that is not empty`);
  }
  return value;
}

function addressOf(record: Record<string, unknown>, key: string): Address {
  const value = text(record, key);
  if (!isAddress(value)) throw new ConfigError(`config.json: "${key}" is no address: ${value}`);
  return address(value);
}

/** Whether a text is an address that the page may talk to: https, or http on this machine. */
export function isServiceUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  return (url.protocol === 'https:' || (url.protocol === 'http:' && local)) && url.username === '';
}

function serviceUrl(value: unknown, where: string): string {
  if (typeof value !== 'string' || !isServiceUrl(value)) {
    throw new ConfigError(`config.json: ${where} must be an https URL, or an http URL of this machine`);
  }
  return value.replace(/\/+$/, '');
}

function vendor(value: unknown, index: number): VendorEntry {
  const where = `vendors[${index}]`;
  if (!isRecord(value)) throw new ConfigError(`config.json: ${where} must be an object`);
  return {
    vault: addressOf(value, 'vault'),
    name: text(value, 'name'),
    ...(value['gateway'] === undefined ? {} : { gateway: serviceUrl(value['gateway'], `${where}.gateway`) }),
    ...(value['inventory'] === undefined ? {} : { inventory: serviceUrl(value['inventory'], `${where}.inventory`) }),
  };
}

/** Reads what `config.json` says; refuses what the page could not work with, by name. */
export function parseConfig(value: unknown): PageConfig {
  if (!isRecord(value)) throw new ConfigError('config.json must be an object');
  const { rpc, vendors = [] } = value;
  if (!Array.isArray(rpc) || rpc.length === 0) {
    throw new ConfigError('config.json: "rpc" must name at least one RPC node');
  }
  if (!Array.isArray(vendors)) throw new ConfigError('config.json: "vendors" must be a list');
  return {
    mint: addressOf(value, 'mint'),
    symbol: text(value, 'symbol'),
    collateralSymbol: text(value, 'collateralSymbol'),
    rpc: rpc.map((url, index) => serviceUrl(url, `rpc[${index}]`)),
    vendors: vendors.map(vendor),
  };
}

/** Fetches `config.json` from beside the page. */
export async function loadConfig(): Promise<PageConfig> {
  const answer = await fetch(new URL('config.json', document.baseURI), { cache: 'no-cache' });
  if (!answer.ok) throw new ConfigError(`config.json could not be read: the host answered ${answer.status}`);
  return parseConfig(await answer.json().catch(() => undefined));
}
