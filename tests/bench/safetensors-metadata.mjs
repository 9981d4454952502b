// safetensors-metadata.mjs HUB_URL OWNER/NAME: prints the milliseconds that @huggingface/hub takes for the headers of a
// repository, and the tensors that it saw.
import { parseSafetensorsMetadata } from '@huggingface/hub';

const [hubUrl, name] = process.argv.slice(2);
const startedMs = performance.now();
// Told the path, it does not have to look for it.
const path = 'model.safetensors.index.json';
const { index } = await parseSafetensorsMetadata({ repo: { type: 'model', name }, path, hubUrl });
console.log(JSON.stringify({ ms: performance.now() - startedMs, tensors: Object.keys(index.weight_map).length }));
