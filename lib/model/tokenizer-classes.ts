/**
 * Tokenizer classes of transformers 4.57.6, the version that runs beside the pinned converter, without "Tokenizer" and
 * "TokenizerFast" at their ends: AutoTokenizer takes either name for either. Facts only; regenerate when the pin moves.
 */
const KNOWN_CLASSES: ReadonlySet<string> = new Set(
  `
    Albert Bart Barthez Bartpho Bert BertGeneration BertJapanese Bertweet BigBird BioGpt Blenderbot BlenderbotSmall
    Bloom ByT5 CLIP CTRL Camembert Canine Clvp CodeGen CodeLlama Cohere ConvBert Cpm CpmAnt DPRContextEncoder
    DPRQuestionEncoder DPRReader Deberta DebertaV2 Dia DistilBert Electra ErnieM Esm FNet FSMT FastSpeech2Conformer
    Flaubert Funnel GPT2 GPTNeoX GPTNeoXJapanese GPTSanJapanese GPTSw3 Gemma Herbert Jukebox LED LayoutLM LayoutLMv2
    LayoutLMv3 LayoutXLM Llama Longformer Luke Lxmert M2M100 MBart MBart50 MLuke MPNet MT5 Marian MarkupLM Mgpstr
    MistralCommon MobileBert Mvp MyT5 Nllb Nougat OpenAIGPT PLBart Parakeet Pegasus Perceiver Phobert Pop2Piano PreTrained
    ProphetNet Qwen2 Rag Realm Reformer RemBert RetriBert RoCBert RoFormer Roberta SeamlessM4T Siglip Speech2Text
    Speech2Text2 SpeechT5 Splinter SqueezeBert T5 Tapas Tapex TransfoXL Udop Vits Wav2Vec2 Wav2Vec2CTC
    Wav2Vec2PhonemeCTC Whisper XGLM XLM XLMProphetNet XLMRoberta XLNet
  `
    .trim()
    .split(/\s+/),
);

/** Whether AutoTokenizer of the pinned transformers finds this `tokenizer_class`. */
export function isKnownTokenizerClass(name: string): boolean {
  return /Tokenizer(Fast)?$/.test(name) && KNOWN_CLASSES.has(plainTokenizerClass(name));
}

/** The name that the slow and the fast class share: `LlamaTokenizerFast` and `LlamaTokenizer` are `Llama`. */
export function plainTokenizerClass(name: string): string {
  return name.replace(/Tokenizer(Fast)?$/, '');
}
