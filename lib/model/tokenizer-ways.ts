/**
 * How a class of the pinned converter (llama.cpp v0.5.0, `set_vocab` in conversion/*.py) comes by its tokenizer.
 * - `gpt2`: transformers' AutoTokenizer, and the pre-tokenizer must be known by its hash
 * - `sentencepiece`: tokenizer.model and nothing else
 * - `sentencepiece-or-gpt2`: tokenizer.model where there is one; `gpt2-or-sentencepiece` the other way round
 * - `llama`: tokenizer.model, else a tokenizer.json with byte fallback as it is, else like `gpt2`
 * - `llama-hf`: a tokenizer.json with byte fallback, as it is; `sentencepiece-or-llama-hf`: tokenizer.model first
 * - `phi3`: tokenizer.model, unless tokenizer_config.json names GPT2Tokenizer
 * - `mamba`, `mamba2`: tokenizer.json or tokenizer.model, in this or the other order, else GPT-NeoX's own
 * - `tokenizer-json`: that file must be there, what is done with it is the class's own
 * - `t5`: tokenizer.model or spiece.model; `xlm-roberta`: sentencepiece.bpe.model or tokenizer.json
 */
export type TokenizerWay =
  | 'gpt2'
  | 'sentencepiece'
  | 'sentencepiece-or-gpt2'
  | 'gpt2-or-sentencepiece'
  | 'llama'
  | 'llama-hf'
  | 'sentencepiece-or-llama-hf'
  | 'phi3'
  | 'mamba'
  | 'mamba2'
  | 'tokenizer-json'
  | 't5'
  | 'xlm-roberta';

const ARCHITECTURES: readonly (readonly [TokenizerWay, string])[] = [
  [
    'gpt2',
    `
      BailingMoeForCausalLM BailingMoeV2ForCausalLM BailingMoeV3ForCausalLM BertForMaskedLM
      BertForSequenceClassification BertModel BloomForCausalLM BloomModel CamembertModel ChameleonForCausalLM
      ChameleonForConditionalGeneration ChatGLMForConditionalGeneration ChatGLMModel CodeShellForCausalLM
      Cohere2ForCausalLM Cohere2MoeForCausalLM CohereForCausalLM DbrxForCausalLM DeepseekOCRForCausalLM
      DeepseekV2ForCausalLM DeepseekV32ForCausalLM DeepseekV3ForCausalLM DeepseekV4ForCausalLM
      DistilBertForMaskedLM DistilBertForSequenceClassification DistilBertModel Dots1ForCausalLM
      Dots3NoteForCausalLM Dots3NoteForConditionalGeneration Dots3NoteTextForCausalLM EuroBertModel
      Exaone4_5_ForConditionalGeneration Exaone4ForCausalLM ExaoneForCausalLM ExaoneMoEForCausalLM
      ExaoneMoeForCausalLM FalconForCausalLM FalconH1ForCausalLM Glm4ForCausalLM Glm4MoeForCausalLM
      Glm4MoeLiteForCausalLM Glm4vForConditionalGeneration Glm4vMoeForConditionalGeneration GlmForCausalLM
      GlmMoeDsaForCausalLM GlmOcrForConditionalGeneration GPT2LMHeadModel GPTBigCodeForCausalLM GPTNeoXForCausalLM
      GptOssForCausalLM GPTRefactForCausalLM GroveMoeForCausalLM HrmTextForCausalLM HYV3ForCausalLM
      HYV4ForCausalLM Jais2ForCausalLM JAISLMHeadModel JinaEmbeddingsV5Model KimiK25ForConditionalGeneration
      KimiVLForConditionalGeneration LagunaForCausalLM Lfm2BidirectionalModel Lfm2ForCausalLM LFM2ForCausalLM
      Lfm2Model Lfm2MoeForCausalLM LLaDAModelLM LLaDAMoEModel LLaDAMoEModelLM Llama4ForCausalLM
      Llama4ForConditionalGeneration LlavaStableLMEpochForCausalLM MaincoderForCausalLM MapleForCausalLM
      MellumForCausalLM MiMoV2FlashForCausalLM MiMoV2ForCausalLM MiniCPMV4_6ForConditionalGeneration
      MiniMaxM1ForCausalLM MiniMaxM2ForCausalLM MiniMaxM3SparseForCausalLM MiniMaxM3SparseForConditionalGeneration
      MiniMaxText01ForCausalLM modeling_grove_moe.GroveMoeForCausalLM modeling_sarvam_moe.SarvamMoEForCausalLM
      ModernBertForMaskedLM ModernBertForSequenceClassification ModernBertModel
      MuseGlimmerForConditionalGeneration NemotronHForCausalLM NemotronHPuzzleForCausalLM NeoBERT
      NeoBERTForSequenceClassification NeoBERTLMHead Olmo2ForCausalLM Olmo3ForCausalLM OlmoeForCausalLM
      OlmoForCausalLM OLMoForCausalLM PhiForCausalLM PLMForCausalLM Qwen2MoeForCausalLM Qwen3_5ForCausalLM
      Qwen3_5ForConditionalGeneration Qwen3_5MoeForCausalLM Qwen3_5MoeForConditionalGeneration Qwen3MoeForCausalLM
      Qwen3NextForCausalLM Qwen3OmniMoeForConditionalGeneration Qwen3VLMoeForConditionalGeneration
      Qwen4ExpForCausalLM Qwen4ExpForConditionalGeneration RND1 RobertaForSequenceClassification RobertaModel
      RuGPT3XLForCausalLM RWForCausalLM SarvamMoEForCausalLM SeedOssForCausalLM SmallThinkerForCausalLM
      SolarOpenForCausalLM Spark2_5ForCausalLM StableLMEpochForCausalLM StableLmForCausalLM Starcoder2ForCausalLM
      Step3p5ForCausalLM Step3p7ForConditionalGeneration TalkieForCausalLM UltravoxModel UnlimitedOCRForCausalLM
      YoutuForCausalLM YoutuVLForConditionalGeneration
    `,
  ],
  [
    'sentencepiece',
    `
      ArcticForCausalLM BaichuanForCausalLM BaiChuanForCausalLM BitnetForCausalLM BitNetForCausalLM
      Ernie4_5_ForCausalLM Ernie4_5_MoeForCausalLM Ernie4_5ForCausalLM Gemma2ForCausalLM GemmaForCausalLM
      InternLM2ForCausalLM InternLM3ForCausalLM MiniCPM3ForCausalLM MiniCPMForCausalLM NemotronForCausalLM
      OrionForCausalLM PaddleOCRVLForConditionalGeneration PanguEmbeddedForCausalLM PlamoForCausalLM
    `,
  ],
  [
    'sentencepiece-or-gpt2',
    `
      AudioFlamingo3ForConditionalGeneration DeepseekForCausalLM DotsOCRForCausalLM DreamModel Gemma3ForCausalLM
      Gemma3ForConditionalGeneration Gemma3nForCausalLM Gemma3nForConditionalGeneration Gemma3TextModel
      KORMoForCausalLM Qwen2_5_VLForConditionalGeneration Qwen2_5OmniModel Qwen2AudioForConditionalGeneration
      Qwen2ForCausalLM Qwen2Model Qwen2VLForConditionalGeneration Qwen2VLModel Qwen3ASRForConditionalGeneration
      Qwen3ForCausalLM Qwen3Model Qwen3VLForConditionalGeneration RWKV6Qwen2ForCausalLM RwkvHybridForCausalLM
      StepVLForConditionalGeneration
    `,
  ],
  [
    'gpt2-or-sentencepiece',
    `
      MPTForCausalLM
    `,
  ],
  [
    'llama',
    `
      AfmoeForCausalLM ApertusForCausalLM ArceeForCausalLM CogVLMForCausalLM Eagle3DraftModel
      Eagle3LlamaForCausalLM Eagle3Speculator GraniteForCausalLM GraniteMoeForCausalLM GraniteMoeSharedForCausalLM
      GraniteMoeSWAForCausalLM GraniteSWAForCausalLM GraniteSwitchForCausalLM IQuestCoderForCausalLM
      JanusForConditionalGeneration LlamaBidirectionalModel LLaMAForCausalLM LlamaForCausalLM
      LlamaForCausalLMEagle3 LlamaModel LlavaForConditionalGeneration Ministral3ForCausalLM
      Mistral3ForConditionalGeneration MistralForCausalLM MixtralForCausalLM NanbeigeForCausalLM
      Sarashina2VisionForCausalLM SmolLM3ForCausalLM VLlama3ForCausalLM VoxtralForConditionalGeneration
    `,
  ],
  [
    'llama-hf',
    `
      Gemma4AssistantForCausalLM Gemma4ForCausalLM Gemma4ForConditionalGeneration
      Gemma4UnifiedAssistantForCausalLM Gemma4UnifiedForConditionalGeneration
    `,
  ],
  [
    'sentencepiece-or-llama-hf',
    `
      JambaForCausalLM
    `,
  ],
  [
    'phi3',
    `
      Phi3ForCausalLM Phi4ForCausalLMV PhiMoEForCausalLM
    `,
  ],
  [
    'mamba',
    `
      FalconMambaForCausalLM MambaForCausalLM MambaLMHeadModel
    `,
  ],
  [
    'mamba2',
    `
      BambaForCausalLM GraniteMoeHybridForCausalLM Mamba2ForCausalLM
    `,
  ],
  [
    'tokenizer-json',
    `
      XverseForCausalLM
    `,
  ],
  [
    't5',
    `
      MT5ForConditionalGeneration T5EncoderModel T5ForConditionalGeneration T5WithLMHeadModel
      UMT5ForConditionalGeneration UMT5Model
    `,
  ],
  [
    'xlm-roberta',
    `
      XLMRobertaForSequenceClassification XLMRobertaModel
    `,
  ],
];

const WAY_OF: ReadonlyMap<string, TokenizerWay> = new Map(
  ARCHITECTURES.flatMap(([way, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, way] as const),
  ),
);

/**
 * The way of an `architectures` name. Null for a class that is not supported, or whose way is its own (remote code,
 * several models in one, files of other names): then nothing is said about its tokenizer files.
 */
export function tokenizerWay(architecture: string | null): TokenizerWay | null {
  return WAY_OF.get(architecture ?? '') ?? null;
}
