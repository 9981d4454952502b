/**
 * Every `architectures` name whose text model the pinned converter (llama.cpp v0.5.0) can write: the keys of
 * TEXT_MODEL_MAP in its `conversion/__init__.py`. Facts only; regenerate when the pin moves.
 */
const SUPPORTED_TEXT_ARCHITECTURES: ReadonlySet<string> = new Set(
  `
    AfmoeForCausalLM ApertusForCausalLM ArceeForCausalLM ArcticForCausalLM AudioFlamingo3ForConditionalGeneration
    BaiChuanForCausalLM BaichuanForCausalLM BailingMoeForCausalLM BailingMoeV2ForCausalLM BailingMoeV3ForCausalLM
    BambaForCausalLM BertForMaskedLM BertForSequenceClassification BertModel BitnetForCausalLM BitNetForCausalLM
    BloomForCausalLM BloomModel CamembertModel ChameleonForCausalLM ChameleonForConditionalGeneration
    ChatGLMForConditionalGeneration ChatGLMModel CodeShellForCausalLM CogVLMForCausalLM Cohere2ForCausalLM
    Cohere2MoeForCausalLM CohereForCausalLM DbrxForCausalLM DeciLMForCausalLM DeepseekForCausalLM
    DeepseekOCRForCausalLM DeepseekV2ForCausalLM DeepseekV32ForCausalLM DeepseekV3ForCausalLM DeepseekV4DSparkModel
    DeepseekV4ForCausalLM DFlash2DraftModel DFlashDraftModel DistilBertForMaskedLM DistilBertForSequenceClassification
    DistilBertModel Dots1ForCausalLM Dots3NoteForCausalLM Dots3NoteForConditionalGeneration Dots3NoteTextForCausalLM
    DotsOCRForCausalLM DreamModel DSparkDraftModel DSparkSpeculator Eagle3DraftModel Eagle3LlamaForCausalLM
    Eagle3Speculator Ernie4_5_ForCausalLM Ernie4_5_MoeForCausalLM Ernie4_5ForCausalLM EuroBertModel
    Exaone4_5_ForConditionalGeneration Exaone4ForCausalLM ExaoneForCausalLM ExaoneMoEForCausalLM ExaoneMoeForCausalLM
    FalconForCausalLM FalconH1ForCausalLM FalconMambaForCausalLM Gemma2ForCausalLM Gemma3ForCausalLM
    Gemma3ForConditionalGeneration Gemma3nForCausalLM Gemma3nForConditionalGeneration Gemma3TextModel
    Gemma4AssistantForCausalLM Gemma4DSparkModel Gemma4ForCausalLM Gemma4ForConditionalGeneration
    Gemma4UnifiedAssistantForCausalLM Gemma4UnifiedForConditionalGeneration GemmaForCausalLM Glm4ForCausalLM
    Glm4MoeForCausalLM Glm4MoeLiteForCausalLM Glm4vForConditionalGeneration Glm4vMoeForConditionalGeneration
    GlmForCausalLM GlmMoeDsaForCausalLM GlmOcrForConditionalGeneration GPT2LMHeadModel GPTBigCodeForCausalLM
    GPTNeoXForCausalLM GptOssForCausalLM GPTRefactForCausalLM GraniteForCausalLM GraniteMoeForCausalLM
    GraniteMoeHybridForCausalLM GraniteMoeSharedForCausalLM GraniteMoeSWAForCausalLM
    GraniteSpeechForConditionalGeneration GraniteSpeechPlusForConditionalGeneration GraniteSWAForCausalLM
    GraniteSwitchForCausalLM Grok1ForCausalLM GrokForCausalLM GroveMoeForCausalLM HrmTextForCausalLM
    HunYuanDenseV1ForCausalLM HunYuanMoEV1ForCausalLM HunYuanVLForConditionalGeneration HYV3ForCausalLM
    HYV4ForCausalLM InternLM2ForCausalLM InternLM3ForCausalLM IQuestCoderForCausalLM Jais2ForCausalLM JAISLMHeadModel
    JambaForCausalLM JanusForConditionalGeneration JinaBertForMaskedLM JinaBertModel JinaEmbeddingsV5Model
    KimiK25ForConditionalGeneration KimiK3ForConditionalGeneration KimiLinearForCausalLM KimiLinearModel
    KimiVLForConditionalGeneration KORMoForCausalLM LagunaForCausalLM Lfm25AudioTokenizer Lfm2BidirectionalModel
    Lfm2DSparkDraftModel LFM2ForCausalLM Lfm2ForCausalLM Lfm2Model Lfm2MoeForCausalLM LingDSparkModel LLaDAModelLM
    LLaDAMoEModel LLaDAMoEModelLM Llama4ForCausalLM Llama4ForConditionalGeneration LlamaBidirectionalModel
    LLaMAForCausalLM LlamaForCausalLM LlamaForCausalLMEagle3 LlamaModel LlavaForConditionalGeneration
    LlavaStableLMEpochForCausalLM MaincoderForCausalLM Mamba2ForCausalLM MambaForCausalLM MambaLMHeadModel
    MapleForCausalLM MellumForCausalLM MiMoV2FlashForCausalLM MiMoV2ForCausalLM MiniCPM3ForCausalLM MiniCPMForCausalLM
    MiniCPMV4_6ForConditionalGeneration MiniMaxM1ForCausalLM MiniMaxM2ForCausalLM MiniMaxM3SparseForCausalLM
    MiniMaxM3SparseForConditionalGeneration MiniMaxText01ForCausalLM Ministral3ForCausalLM
    Mistral3ForConditionalGeneration MistralForCausalLM MixtralForCausalLM modeling_grove_moe.GroveMoeForCausalLM
    modeling_sarvam_moe.SarvamMoEForCausalLM ModernBertForMaskedLM ModernBertForSequenceClassification ModernBertModel
    MPTForCausalLM MT5ForConditionalGeneration MuseGlimmerAssistantModel MuseGlimmerForConditionalGeneration
    NanbeigeForCausalLM NemotronForCausalLM NemotronHForCausalLM NemotronHPuzzleForCausalLM NeoBERT
    NeoBERTForSequenceClassification NeoBERTLMHead NomicBertModel Olmo2ForCausalLM Olmo3ForCausalLM OlmoeForCausalLM
    OLMoForCausalLM OlmoForCausalLM OpenELMForCausalLM OrionForCausalLM PaddleOCRVLForConditionalGeneration
    PanguEmbeddedForCausalLM Phi3ForCausalLM Phi4ForCausalLMV PhiForCausalLM PhiMoEForCausalLM PLaMo2ForCausalLM
    Plamo2ForCausalLM PLaMo3ForCausalLM Plamo3ForCausalLM PlamoForCausalLM PLMForCausalLM PocketTTSModel
    Qwen2_5_VLForConditionalGeneration Qwen2_5OmniModel Qwen2AudioForConditionalGeneration Qwen2ForCausalLM Qwen2Model
    Qwen2MoeForCausalLM Qwen2VLForConditionalGeneration Qwen2VLModel Qwen3_5ForCausalLM
    Qwen3_5ForConditionalGeneration Qwen3_5MoeForCausalLM Qwen3_5MoeForConditionalGeneration
    Qwen3ASRForConditionalGeneration Qwen3DSparkModel Qwen3ForCausalLM Qwen3Model Qwen3MoeForCausalLM
    Qwen3NextForCausalLM Qwen3OmniMoeForConditionalGeneration Qwen3TTSForConditionalGeneration
    Qwen3VLForConditionalGeneration Qwen3VLMoeForConditionalGeneration Qwen4ExpForCausalLM
    Qwen4ExpForConditionalGeneration QWenLMHeadModel RND1 RobertaForSequenceClassification RobertaModel
    RuGPT3XLForCausalLM RWForCausalLM Rwkv6ForCausalLM RWKV6Qwen2ForCausalLM RWKV7ForCausalLM Rwkv7ForCausalLM
    RwkvHybridForCausalLM Sarashina2VisionForCausalLM SarvamMoEForCausalLM SeedOssForCausalLM SmallThinkerForCausalLM
    SmolLM3ForCausalLM SolarOpenForCausalLM Spark2_5ForCausalLM StableLMEpochForCausalLM StableLmForCausalLM
    Starcoder2ForCausalLM Step3p5ForCausalLM Step3p7ForConditionalGeneration StepVLForConditionalGeneration
    T5EncoderModel T5ForConditionalGeneration T5WithLMHeadModel TalkieForCausalLM UltravoxModel
    UMT5ForConditionalGeneration UMT5Model UnlimitedOCRForCausalLM VLlama3ForCausalLM VoxtralForConditionalGeneration
    WavTokenizerDec XLMRobertaForSequenceClassification XLMRobertaModel XverseForCausalLM YoutuForCausalLM
    YoutuVLForConditionalGeneration
`
    .trim()
    .split(/\s+/),
);

/** How many names the pinned converter's map holds; a test holds the list to it. */
export const SUPPORTED_TEXT_ARCHITECTURE_COUNT = 267;

/** True when the pinned converter knows this `architectures` entry of config.json as a text model. */
export function supportsTextArchitecture(architecture: string): boolean {
  return SUPPORTED_TEXT_ARCHITECTURES.has(architecture);
}

/** All names, for pages and tests. */
export function listSupportedTextArchitectures(): string[] {
  return [...SUPPORTED_TEXT_ARCHITECTURES];
}

/**
 * Names that only MMPROJ_MODEL_MAP of the same file has: the converter makes their image or sound projector, and their
 * language model is another checkpoint.
 */
const PROJECTOR_ONLY: ReadonlySet<string> = new Set([
  'DeepseekOCR2ForCausalLM',
  'Glm5vForConditionalGeneration',
  'GlmasrModel',
  'Granite4VisionForConditionalGeneration',
  'Idefics3ForConditionalGeneration',
  'InternVisionModel',
  'Lfm2AudioForConditionalGeneration',
  'Lfm2VlForConditionalGeneration',
  'LightOnOCRForConditionalGeneration',
  'MERaLiON2ForConditionalGeneration',
  'NemotronH_Nano_VL_V2',
  'PaddleOCRVisionModel',
  'RADIOModel',
  'SmolVLMForConditionalGeneration',
]);

/** True when the pinned converter knows this name as a projector only. */
export function isProjectorArchitecture(architecture: string): boolean {
  return PROJECTOR_ONLY.has(architecture);
}
