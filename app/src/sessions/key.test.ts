// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { createDeviceKey, createKey, exportKey, importKey, KeyFileError, WrongPassphraseError } from './key.ts';

describe('a session key', () => {
  it('is not exported by WebCrypto, and comes back from its file as it was', async () => {
    const device = await createDeviceKey();
    const key = await createKey({ device });
    expect(key.privateKey.extractable).toBe(false);
    const file = await exportKey(key, { device });
    expect(JSON.parse(file)).toHaveLength(64);
    expect((await importKey(file, { device })).address).toBe(key.address);
  });

  it('under a passphrase needs it, in whichever browser', async () => {
    const [device, other] = [await createDeviceKey(), await createDeviceKey()];
    const key = await createKey({ device, passphrase: 'correct horse' });
    await expect(exportKey(key, { device })).rejects.toBeInstanceOf(WrongPassphraseError);
    await expect(exportKey(key, { device, passphrase: 'wrong' })).rejects.toBeInstanceOf(WrongPassphraseError);
    expect(JSON.parse(await exportKey(key, { device: other, passphrase: 'correct horse' }))).toHaveLength(64);
  });

  it('without one is closed to every other browser', async () => {
    const [device, other] = [await createDeviceKey(), await createDeviceKey()];
    const key = await createKey({ device });
    await expect(exportKey(key, { device: other })).rejects.toBeInstanceOf(WrongPassphraseError);
  });

  it('is not read from what is no key file', async () => {
    const device = await createDeviceKey();
    const file = JSON.parse(await exportKey(await createKey({ device }), { device })) as number[];
    const broken = [...file.slice(0, 63), (file[63] ?? 0) ^ 1];
    for (const text of ['', '{}', '[1,2,3]', JSON.stringify(file.map(() => 256)), JSON.stringify(broken)]) {
      await expect(importKey(text, { device })).rejects.toBeInstanceOf(KeyFileError);
    }
  });
});
