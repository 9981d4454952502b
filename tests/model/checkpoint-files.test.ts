import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../lib/domain/failure';
import { chooseCheckpointFiles } from '../../lib/model/checkpoint-files';

function listing(...paths: string[]) {
  return paths.map((path) => ({ path, sizeBytes: 10 }));
}

function chosen(paths: string[], indexed: string[] | null = null): string[] {
  return chooseCheckpointFiles(listing(...paths), indexed && new Set(indexed))
    .files.map((file) => file.path)
    .sort();
}

function refusal(...paths: string[]): string {
  try {
    chooseCheckpointFiles(listing(...paths));
    return 'accepted';
  } catch (error) {
    return isFailureError(error) ? error.failure.code : String(error);
  }
}

describe('chooseCheckpointFiles', () => {
  it('takes one format of the weights, the tokenizer, the card and the licence, and leaves the rest', () => {
    const wanted = [
      'LICENSE',
      'README.md',
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'merges.txt',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer.model',
      'tokenizer_config.json',
      'vocab.json',
    ];
    const unwanted = [
      '.gitattributes',
      'consolidated.safetensors',
      'original/consolidated.00.pth',
      'original/params.json',
      'pytorch_model.bin',
      'pytorch_model.bin.index.json',
      'model-q4.gguf',
      'onnx/model.onnx',
      'onnx/config.json',
      'modeling_own.py',
      'image.png',
      'tf_model.h5',
      'flax_model.msgpack',
      'training_args.bin',
      'adapter_config.txt',
    ];
    expect(chosen([...wanted, ...unwanted])).toEqual(wanted);
  });

  it('takes shards by the index', () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const files = [...shards, 'model.safetensors.index.json', 'config.json', 'model.fp16.safetensors'];
    expect(chosen(files)).toEqual([...files.slice(0, 4)].sort());
    expect(chosen(files, shards)).toEqual([...files.slice(0, 4)].sort());
  });

  it('prefers a whole single file to an index whose shards are not there, and leaves that index out', () => {
    expect(chosen(['model.safetensors', 'model.safetensors.index.json'], ['model-00001-of-00001.safetensors'])).toEqual(
      ['model.safetensors'],
    );
  });

  it('takes the pooling settings of sentence transformers', () => {
    expect(chosen(['model.safetensors', 'modules.json', '1_Pooling/config.json'])).toHaveLength(3);
  });

  it.each([
    ['model-pickle-only', ['config.json', 'pytorch_model.bin']],
    ['model-pickle-only', ['config.json', 'original/consolidated.00.pth']],
    ['model-is-adapter', ['adapter_config.json', 'adapter_model.safetensors']],
    ['model-is-adapter', ['adapter_config.json', 'adapter_model.bin', 'README.md']],
    ['model-is-gguf', ['README.md', 'model-Q4_K_M.gguf']],
    ['model-weights-missing', ['README.md', 'config.json']],
    ['model-weights-missing', []],
    ['model-weights-missing', ['consolidated.safetensors']],
    ['model-weights-missing', ['training_args.bin', 'optimizer.pt'].slice(0, 1)],
    ['model-weights-missing', ['model-00001-of-00003.safetensors', 'model-00003-of-00003.safetensors']],
    ['invalid-input', ['model.safetensors', '../evil']],
    ['invalid-input', ['model.safetensors', '/etc/passwd']],
    ['invalid-input', ['model.safetensors', 'C:\\evil']],
    ['invalid-input', ['model.safetensors', 'a\u0000b']],
    ['invalid-input', ['model.safetensors', 'a/./b']],
    ['invalid-input', ['model.safetensors', 'a//b']],
    ['invalid-input', ['model.safetensors', '']],
    ['accepted', ['model.safetensors', 'name with spaces; rm -rf.txt']],
  ])('answers %s for %j', (code, paths) => {
    expect(refusal(...paths)).toBe(code);
  });
});
