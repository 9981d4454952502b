import { expect, it } from 'vitest';
import { ProvenHeaders } from '../../lib/pipeline/proven-headers';

const file = { path: '/host/x.gguf', sizeBytes: 10, modifiedAtMs: 5000, isFolder: false };
const header = { architecture: 'llama', tensorCount: 3, prompt: null };

it('a header is known for the very file that was read, and no longer once that has changed', () => {
  const headers = new ProvenHeaders();
  expect(headers.of(file)).toBeNull();
  headers.keep(file, header);
  expect(headers.of({ ...file })).toMatchObject(header);
  expect(headers.of({ ...file, sizeBytes: 11 })).toBeNull();
  expect(headers.of({ ...file, modifiedAtMs: 6000 })).toBeNull();
  expect(headers.of({ ...file, path: '/host/y.gguf' })).toBeNull();
  headers.keep({ ...file, modifiedAtMs: 6000 }, { ...header, tensorCount: 4 });
  expect(headers.of(file)).toBeNull();
  expect(headers.of({ ...file, modifiedAtMs: 6000 })).toMatchObject({ tensorCount: 4 });
});
