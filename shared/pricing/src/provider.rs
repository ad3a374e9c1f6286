//! Who serves a model, from the many words for it: the first part of a model's name (`vertex_ai/…`), OpenTelemetry's
//! `gen_ai.provider.name`, the provider names of the AI SDK, LangChain and LiteLLM.

use crate::table::{self, PROVIDERS};

/// What a word for a provider tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// A provider whose price list we have.
    Known(u8),
    /// Somebody's own machine: no price list holds there.
    Local,
}

/// The provider that a hint means; `None` if the word is unknown, which then says nothing.
pub fn from_hint(hint: &str) -> Option<Host> {
    let lower = hint.trim().to_ascii_lowercase();
    let mut text = lower.as_str();
    // The AI SDK appends the kind of call: `openai.responses`, `google.vertex.chat`.
    loop {
        if let Some(host) = from_word(text) {
            return Some(host);
        }
        text = text.rsplit_once('.')?.0;
    }
}

/// The provider that one lower-case word means, as it stands before a model's name.
pub fn from_word(word: &str) -> Option<Host> {
    let known = match word {
        "anthropic" | "claude" => table::ANTHROPIC,
        "openai" | "azure-openai-compatible" | "text-completion-openai" | "openai-codex" | "chatgpt" => table::OPENAI,
        "google"
        | "gemini"
        | "google_genai"
        | "google-genai"
        | "google-ai-studio"
        | "gcp.gemini"
        | "gcp.gen_ai"
        | "google.generative-ai"
        | "googleai"
        | "google_ai_studio" => table::GOOGLE,
        "vertex"
        | "vertex_ai"
        | "vertexai"
        | "vertex-ai"
        | "gcp.vertex_ai"
        | "gcp.vertex.agent"
        | "google.vertex"
        | "google_vertexai"
        | "google-vertex"
        | "google-vertex-ai"
        | "google-vertex-anthropic"
        | "vertex.anthropic"
        | "google_anthropic_vertex"
        | "vertex_ai_beta" => table::VERTEX,
        "azure" | "az.ai.openai" | "azure.ai.openai" | "azure_openai" | "azure-openai" | "azureopenai" | "azure_text" => table::AZURE,
        "azure_ai" | "az.ai.inference" | "azure.ai.inference" | "azure-ai" | "azure_ai_foundry" => table::AZURE_AI,
        "bedrock" | "aws" | "aws.bedrock" | "aws_bedrock" | "amazon-bedrock" | "amazon_bedrock" | "bedrock_converse"
        | "bedrock-converse" | "awsbedrock" => table::BEDROCK,
        "bedrock_mantle" | "bedrock-mantle" => table::BEDROCK_MANTLE,
        "xai" | "x_ai" | "x-ai" => table::XAI,
        "mistral" | "mistral_ai" | "mistralai" | "mistral-ai" => table::MISTRAL,
        "cohere" | "cohere_chat" => table::COHERE,
        "moonshot" | "moonshotai" | "moonshot_ai" => table::MOONSHOT,
        "zai" | "z-ai" | "z_ai" | "z.ai" => table::ZAI,
        "zhipu" | "zhipuai" | "bigmodel" => table::BIGMODEL,
        "alibaba" | "dashscope" | "alibaba_cloud" | "alicloud" => table::DASHSCOPE,
        "together" | "together_ai" | "togetherai" | "together-ai" => table::TOGETHER,
        "fireworks" | "fireworks_ai" | "fireworks-ai" => table::FIREWORKS,
        "vercel" | "vercel_ai_gateway" | "gateway" | "ai-gateway" => table::VERCEL,
        "voyage" | "voyageai" => table::VOYAGE,
        "github_copilot" | "github-copilot" | "copilot" => table::GITHUB_COPILOT,
        "amazon-nova" | "amazon_nova" => table::AMAZON_NOVA,
        "cloudflare" | "workers-ai" | "cloudflare_workers_ai" => table::CLOUDFLARE,
        "workers_ai" => table::CLOUDFLARE,
        "ibm.watsonx.ai" | "watsonx" => table::WATSONX,
        "deep_infra" | "deepinfra" => table::DEEPINFRA,
        "perplexity" | "perplexity_ai" | "pplx" => table::PERPLEXITY,
        "ollama"
        | "ollama_chat"
        | "lmstudio"
        | "lm_studio"
        | "lm-studio"
        | "vllm"
        | "hosted_vllm"
        | "llamacpp"
        | "llama.cpp"
        | "llama-cpp"
        | "llamafile"
        | "localai"
        | "local"
        | "mlx"
        | "sglang"
        | "gpt4all"
        | "lemonade"
        | "xinference"
        | "oobabooga"
        | "docker_model_runner"
        | "triton" => return Some(Host::Local),
        _ => return listed(word).map(Host::Known),
    };
    Some(Host::Known(known))
}

/// A provider by the name of its price list.
fn listed(word: &str) -> Option<u8> {
    let found = |word: &str| PROVIDERS.binary_search(&word).ok().and_then(|at| u8::try_from(at).ok());
    found(word).or_else(|| if word.contains('-') { found(&word.replace('-', "_")) } else { None })
}

/// Whether a model that this provider's list lacks may be priced by its maker's list: makers themselves (their
/// protocols and names are used for others' models as well), clouds that resell at the maker's price, and gateways
/// that pass it on. A provider with prices of its own may not, or a guess would look like a price.
pub fn passes_on(provider: u8) -> bool {
    [
        table::ANTHROPIC,
        table::OPENAI,
        table::GOOGLE,
        table::VERTEX,
        table::AZURE,
        table::AZURE_AI,
        table::BEDROCK,
        table::BEDROCK_MANTLE,
        table::OPENROUTER,
        table::VERCEL,
        table::GITHUB_COPILOT,
        table::MISTRAL,
        table::XAI,
        table::COHERE,
        table::MOONSHOT,
        table::ZAI,
        table::DEEPSEEK,
        table::MINIMAX,
        table::META,
    ]
    .contains(&provider)
}

/// The makers of models whose names say so, with the lists to look in, in order. `name` is lower-case, without vendor.
pub fn makers(name: &str) -> &'static [u8] {
    const MAKERS: &[(&[&str], &[u8])] = &[
        (&["claude"], &[table::ANTHROPIC, table::VERTEX]),
        (&["gpt-35-"], &[table::AZURE, table::OPENAI]),
        (
            &[
                "gpt-",
                "ft:",
                "o1",
                "o3",
                "o4",
                "chatgpt",
                "codex",
                "text-embedding-",
                "whisper",
                "tts-",
                "dall-e",
                "davinci",
                "babbage",
                "omni-",
                "computer-use",
                "sora",
            ],
            &[table::OPENAI, table::VERTEX],
        ),
        (&["gemini", "imagen", "veo", "lyria", "learnlm"], &[table::GOOGLE, table::VERTEX]),
        (&["grok"], &[table::XAI]),
        (&["deepseek"], &[table::DEEPSEEK]),
        (
            &["mistral", "ministral", "codestral", "devstral", "magistral", "pixtral", "voxtral", "open-mi", "open-codestral", "labs-"],
            &[table::MISTRAL],
        ),
        (&["command", "embed-", "rerank-", "c4ai"], &[table::COHERE]),
        (&["kimi", "moonshot"], &[table::MOONSHOT]),
        (&["glm-"], &[table::ZAI]),
        (&["minimax", "speech-0"], &[table::MINIMAX]),
        (&["qwen", "qwq", "qvq"], &[table::DASHSCOPE]),
        (&["sonar", "pplx", "r1-1776"], &[table::PERPLEXITY]),
        (&["jamba", "j2-"], &[table::AI21]),
        (&["voyage"], &[table::VOYAGE]),
        (&["nova-"], &[table::AMAZON_NOVA]),
        (&["composer-"], &[table::CURSOR]),
        (&["swe-"], &[table::COGNITION]),
        (&["muse-"], &[table::META]),
        (&["mimo"], &[table::XIAOMI_MIMO]),
        (&["mercury"], &[table::INCEPTION]),
        (&["hunyuan"], &[table::TENCENT]),
        (&["doubao"], &[table::VOLCENGINE]),
        (&["morph-"], &[table::MORPH]),
        (&["v0-"], &[table::V0]),
    ];
    MAKERS.iter().find(|(starts, _)| starts.iter().any(|start| name.starts_with(start))).map_or(&[], |(_, providers)| providers)
}
